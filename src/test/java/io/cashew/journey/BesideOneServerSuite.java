package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// The pools `one`, of a single server, and `three`, beside a server that is asked directly: as it answers they are to answer.
@TestInstance(Lifecycle.PER_CLASS)
abstract class BesideOneServerSuite {
    RedisServer alone;
    RedisServers single;
    RedisServers three;
    ProxyUnderTest proxy;

    /// What is written about the pools.
    abstract String pools();

    @BeforeAll
    void start() {
        alone = RedisServer.start();
        single = RedisServers.start(1);
        three = RedisServers.start(3);
        proxy = ProxyUnderTest.with(pools());
    }

    @AfterAll
    void stop() {
        proxy.close();
        three.close();
        single.close();
        alone.close();
    }

    @BeforeEach
    void flush() {
        alone.flush();
        single.flush();
        three.flush();
    }

    /// Pipelines of the same commands get the same answers, in whatever pieces they arrive.
    void assertAnswersAreThoseOfOneServer(List<String[]> commands, SplittableRandom random) {
        List<String> expected;
        try (RespClient direct = RespClient.connect(alone.port())) {
            expected = comparable(commands, direct.pipeline(commands));
        }
        for (String pool : List.of("one", "three")) {
            for (int piece : new int[] {Integer.MAX_VALUE, 1 + random.nextInt(60), 1}) {
                flush();
                try (RespClient client = proxy.connect(pool)) {
                    assertThat(comparable(commands, client.pipeline(commands, piece)))
                            .describedAs("%s in pieces of %d", pool, piece)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /// Of a greeting only its dialect: server and proxy introduce themselves differently.
    private static List<String> comparable(List<String[]> commands, List<String> replies) {
        var comparable = new ArrayList<String>();
        for (int i = 0; i < replies.size(); i++) {
            String reply = replies.get(i);
            comparable.add(String.join(" ", commands.get(i)) + " -> "
                    + (commands.get(i)[0].equals("HELLO") ? reply.substring(0, 2) : reply));
        }
        return comparable;
    }
}
