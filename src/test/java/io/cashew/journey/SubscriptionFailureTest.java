package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.pool.Pool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of subscriptions when servers go and come back.
///
/// With crc16 and modula the channel a0 belongs to server a, b0 to server b.
@Timeout(60)
class SubscriptionFailureTest {
    private static final String REFUSED = "-ERR Connection refused\r\n";
    private static final String SUBSCRIBED = "*3\r\n$9\r\nsubscribe\r\n$2\r\nb0\r\n:1\r\n";

    private RedisServer a;
    private RedisServer b;
    private ProxyUnderTest proxy;
    private RespClient publisher;
    private RespClient client;

    @BeforeEach
    void start() {
        a = RedisServer.start();
        b = RedisServer.start();
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            client.close();
            publisher.close();
            await().untilAsserted(() -> assertThat(pool().counters().channels).isZero());
            proxy.close();
        }
        a.close();
        b.close();
    }

    private void proxy(String... options) {
        String lines = String.join("", List.of(options).stream().map(line -> "  " + line + "\n").toList());
        proxy = ProxyUnderTest.with("""
                pool:
                  listen: free
                  redis: true
                  timeout: 500
                  hash: crc16
                  distribution: modula
                %s  servers:
                   - 127.0.0.1:%d:1 a
                   - 127.0.0.1:%d:1 b
                """.formatted(lines, a.port(), b.port()));
        client = proxy.connect("pool");
        publisher = proxy.connect("pool");
    }

    private void ejectingProxy(String... options) {
        String[] all = new String[options.length + 3];
        all[0] = "auto_eject_hosts: true";
        all[1] = "server_failure_limit: 1";
        all[2] = "server_retry_timeout: 100";
        System.arraycopy(options, 0, all, 3, options.length);
        proxy(all);
    }

    private Pool pool() {
        return proxy.pool("pool");
    }

    private boolean ejected() {
        return pool().ejected(pool().servers().get(1));
    }

    private static String message(String channel, String payload) {
        return RespClient.text(RespClient.encode("message", channel, payload));
    }

    private static void awaitSubscribers(RedisServer server, String channel, int count) {
        await().untilAsserted(() -> assertThat(server.call("PUBSUB", "NUMSUB", channel)).endsWith(":" + count + "\r\n"));
    }

    @Test
    void aServerThatComesBackIsSubscribedToAgain() {
        proxy();
        client.call("SUBSCRIBE", "b0");
        client.call("PSUBSCRIBE", "b*");

        b.kill();
        await().until(() -> pool().counters().subscriptionsLost == 1);
        try (RespClient late = proxy.connect("pool")) {
            assertThat(late.call("SUBSCRIBE", "b0")).isEqualTo(REFUSED);
            assertThat(late.call("PSUBSCRIBE", "x*")).isEqualTo(REFUSED);
            assertThat(late.call("SUBSCRIBE", "a0")).isEqualTo(SUBSCRIBED.replace("b0", "a0"));
            assertThat(late.call("UNSUBSCRIBE", "a0")).startsWith("*3\r\n$11\r\nunsubscribe");
            assertThat(late.call("GET", "a0")).isEqualTo("$-1\r\n");
        }
        b.restart();

        awaitSubscribers(b, "b0", 1);
        await().untilAsserted(() -> assertThat(b.call("PUBSUB", "NUMPAT")).isEqualTo(":1\r\n"));
        assertThat(publisher.call("PUBLISH", "b0", "again")).isEqualTo(":2\r\n");
        assertThat(client.replies(2))
                .containsExactlyInAnyOrder(
                        message("b0", "again"), RespClient.text(RespClient.encode("pmessage", "b*", "b0", "again")));
        assertThat(pool().counters().subscriptions).isEqualTo(2);
    }

    @Test
    void aServerThatIsLateIsAskedAtOnceWhenSomebodyWants() {
        b.kill();
        proxy();
        for (int attempt = 0; attempt < 20; attempt++) {
            assertThat(client.call("SUBSCRIBE", "b0")).isEqualTo(REFUSED);
        }
        b.restart();

        assertThat(client.call("SUBSCRIBE", "b0")).isEqualTo(SUBSCRIBED);
    }

    @Test
    void channelsOfAnEjectedServerMoveAndComeBack() {
        ejectingProxy();
        client.call("SUBSCRIBE", "b0");
        client.call("PSUBSCRIBE", "nothing*");
        b.kill();
        await().until(this::ejected);

        awaitSubscribers(a, "b0", 1);
        assertThat(publisher.call("PUBLISH", "b0", "at a")).isEqualTo(":1\r\n");
        assertThat(client.reply()).isEqualTo(message("b0", "at a"));
        try (RespClient late = proxy.connect("pool")) {
            assertThat(late.call("SUBSCRIBE", "b0")).isEqualTo(SUBSCRIBED);
            assertThat(late.call("PSUBSCRIBE", "x*")).startsWith("*3\r\n$10\r\npsubscribe");
        }

        b.restart();
        await().until(() -> {
            publisher.call("GET", "b0");
            return !ejected();
        });
        awaitSubscribers(b, "b0", 1);
        awaitSubscribers(a, "b0", 0);
        await().untilAsserted(() -> assertThat(b.call("PUBSUB", "NUMPAT")).isEqualTo(":1\r\n"));
        assertThat(publisher.call("PUBLISH", "b0", "at b")).isEqualTo(":1\r\n");
        assertThat(client.reply()).isEqualTo(message("b0", "at b"));
        assertThat(client.untilQuiet(Duration.ofMillis(100))).isEmpty();
    }

    @Test
    void whereKeysStayChannelsStayToo() {
        ejectingProxy("eject_mode: fail-fast");
        client.call("SUBSCRIBE", "b0");
        b.kill();
        await().until(this::ejected);

        try (RespClient late = proxy.connect("pool")) {
            assertThat(late.call("SUBSCRIBE", "b0")).startsWith("-ERR server is ejected");
            assertThat(late.call("SUBSCRIBE", "a0")).isEqualTo(SUBSCRIBED.replace("b0", "a0"));
        }
        awaitSubscribers(a, "b0", 0);

        b.restart();
        awaitSubscribers(b, "b0", 1);
        await().untilAsserted(() -> assertThat(publisher.call("PUBLISH", "b0", "m")).isEqualTo(":1\r\n"));
        assertThat(client.reply()).isEqualTo(message("b0", "m"));
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForTooLong() {
        proxy();
        b.pause();
        try {
            assertThat(client.call("SUBSCRIBE", "a0", "b0")).isEqualTo("-ERR Connection timed out\r\n");
        } finally {
            b.resume();
        }
        assertThat(client.call("SUBSCRIBE", "b0")).isEqualTo(SUBSCRIBED);
        awaitSubscribers(a, "a0", 0);
    }

    @Test
    void whatTheServerRefusesIsRefusedInItsWords() {
        a.call("ACL", "SETUSER", "default", "resetchannels", "&allowed*");
        proxy();

        String refusal = client.call("SUBSCRIBE", "a0");
        assertThat(refusal).startsWith("-NOPERM ").isEqualTo(a.call("SUBSCRIBE", "a0"));
        assertThat(client.call("SUBSCRIBE", "b0")).isEqualTo(SUBSCRIBED);
        assertThat(client.call("SUBSCRIBE", "b0", "a0")).isEqualTo(refusal);
        assertThat(client.call("SUBSCRIBE", "b0")).isEqualTo(SUBSCRIBED);

        a.call("ACL", "SETUSER", "default", "allchannels");
        assertThat(client.call("SUBSCRIBE", "a0")).isEqualTo(SUBSCRIBED.replace("b0", "a0").replace(":1", ":2"));
    }

    @Test
    void whoGoesAwayIsForgottenAlsoByTheServer() {
        proxy();
        try (RespClient other = proxy.connect("pool")) {
            other.command("SUBSCRIBE", "a0", "b0").replies(2);
            client.call("SUBSCRIBE", "b0");
            other.reset();
        }
        awaitSubscribers(a, "a0", 0);
        awaitSubscribers(b, "b0", 1);
        publisher.call("PUBLISH", "b0", "m");
        assertThat(client.reply()).isEqualTo(message("b0", "m"));
    }

    @Test
    void aPoolThatStopsEndsItsSubscribers() {
        proxy();
        client.call("SUBSCRIBE", "b0");
        try (RespClient other = proxy.connect("pool")) {
            other.call("SUBSCRIBE", "b0");
            proxy.close();
            assertThat(other.untilClosed()).isEmpty();
        }
        proxy = null;
        publisher.close();
        client.close();
    }
}
