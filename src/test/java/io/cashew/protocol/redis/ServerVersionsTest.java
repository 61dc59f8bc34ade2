package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Client;
import io.cashew.protocol.Inquiries;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerVersionsTest {
    private final List<CompletableFuture<List<Inquiries.Testimony>>> asked = new ArrayList<>();
    private final Inquiries pool = new AloneInPool(new Client(1, null, null)) {
        @Override
        public CompletionStage<List<Testimony>> askServers(byte[] request) {
            asked.add(new CompletableFuture<>());
            return asked.getLast();
        }
    };
    private long now;
    private final ServerVersions versions = new ServerVersions(() -> now);

    @Test
    void theOldestCounts() {
        var first = versions.oldest(pool).toCompletableFuture();
        var second = versions.oldest(pool).toCompletableFuture();
        assertThat(first).isNotDone();
        assertThat(asked).hasSize(1);

        asked.getFirst().complete(List.of(says("a", "7.2.10"), says("b", "7.2.9"), says("c", "10.0.0")));

        assertThat(first.join().text()).isEqualTo("7.2.9");
        assertThat(second.join().text()).isEqualTo("7.2.9");
        assertThat(versions.lastHeard().text()).isEqualTo("7.2.9");
    }

    @Test
    void serversAreAskedAgainWhenSomebodyWantsToKnowAfterAMinute() {
        versions.oldest(pool);
        asked.getFirst().complete(List.of(says("a", "7.0.0"), says("b", "7.2.0")));
        now = TimeUnit.SECONDS.toNanos(61);

        assertThat(versions.oldest(pool).toCompletableFuture().join().text()).isEqualTo("7.0.0");
        assertThat(asked).hasSize(2);
        // One is not there at the moment, another one has been upgraded, and a third one is new.
        asked.getLast().complete(List.of(says("a", null), says("b", "8.0.0"), says("c", "7.4.0")));
        assertThat(versions.lastHeard().text()).isEqualTo("7.0.0");

        now = TimeUnit.SECONDS.toNanos(122);
        versions.oldest(pool);
        asked.getLast().complete(List.of(says("b", "8.0.0"), says("c", "7.4.0")));
        assertThat(versions.lastHeard().text()).isEqualTo("7.4.0");
    }

    @Test
    void whereNobodyAnswersItIsTheOldestThatCouldHaveBeenAsked() {
        var version = versions.oldest(pool).toCompletableFuture();
        asked.getFirst().complete(List.of(says("a", null)));

        assertThat(version.join().text()).isEqualTo("6.0.0");
        assertThat(versions.lastHeard()).isNull();
        assertThat(versions.oldest(pool).toCompletableFuture()).isDone();
    }

    private static Inquiries.Testimony says(String name, String version) {
        String info = "# Server\r\nredis_version:" + version + "\r\n";
        byte[] reply = ("$" + info.length() + "\r\n" + info + "\r\n").getBytes(ISO_8859_1);
        return new Inquiries.Testimony(name, "there", version == null ? null : reply, version == null ? "is silent" : null);
    }
}
