package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LeakWatch;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.pool.Pool;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// SUBSCRIBE and PUBLISH: everybody hears what one server would have told it, once.
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class SubscriptionsTest {
    private static final Duration QUIET = Duration.ofMillis(200);

    private RedisServer alone;
    private RedisServers single;
    private RedisServers three;
    private ProxyUnderTest proxy;
    private LeakWatch leaks;

    @BeforeAll
    void start() {
        leaks = LeakWatch.start();
        alone = RedisServer.start();
        single = RedisServers.start(1);
        three = RedisServers.start(3);
        proxy = ProxyUnderTest.with(single.yaml("one") + three.yaml("three", "hash_tag: \"{}\""));
    }

    @AfterEach
    void nothingIsLeft() {
        for (String pool : List.of("one", "three")) {
            await().untilAsserted(() -> assertThat(proxy.pool(pool).counters())
                    .satisfies(counters -> assertThat(counters.subscribers).isZero())
                    .satisfies(counters -> assertThat(counters.subscriptions).isZero())
                    .satisfies(counters -> assertThat(counters.channels).isZero()));
        }
        await().untilAsserted(() -> assertThat(proxy.lentChunks()).isZero());
        for (int server = 0; server < 3; server++) {
            RedisServer left = three.get(server);
            await().untilAsserted(() -> assertThat(left.call("PUBSUB", "CHANNELS")).isEqualTo("*0\r\n"));
        }
    }

    @AfterAll
    void stop() {
        proxy.close();
        three.close();
        single.close();
        alone.close();
        // Of all tests: to see that, the garbage has to be collected.
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private static String message(char mark, String... words) {
        return mark + RespClient.text(RespClient.encode(words)).substring(1);
    }

    private static String told(char mark, String verb, String channel, int count) {
        return mark + "3\r\n$" + verb.length() + "\r\n" + verb + "\r\n$" + channel.length() + "\r\n" + channel + "\r\n:" + count
                + "\r\n";
    }

    private static RespClient resp3(RespClient client) {
        assertThat(client.call("HELLO", "3")).startsWith("%7");
        return client;
    }

    /// The same lines to one server and to a pool of one, and of three, in both dialects.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUBSCRIBE a|SUBSCRIBE b c a|UNSUBSCRIBE b|UNSUBSCRIBE nope|UNSUBSCRIBE a c|UNSUBSCRIBE",
                "UNSUBSCRIBE|PUNSUBSCRIBE|SUNSUBSCRIBE|GET k",
                "PSUBSCRIBE a* b?|SUBSCRIBE a|SSUBSCRIBE s|PUNSUBSCRIBE b?|SUNSUBSCRIBE s|UNSUBSCRIBE a|PUNSUBSCRIBE a*",
                "SUBSCRIBE a a|UNSUBSCRIBE a",
                "SUBSCRIBE a|PING|PING hello|PING a b|RESET|PING|GET k",
                "SUBSCRIBE a|GET k|get|CLIENT GETNAME|OBJECT ENCODING k|MULTI|DISCARD|NOSUCH x|HELLO 9|PUBLISH a b c|UNSUBSCRIBE|GET k",
                "SUBSCRIBE|PSUBSCRIBE|SSUBSCRIBE|PUBLISH|PUBLISH a|PUBSUB|PUBSUB NOPE",
                "PUBLISH a hello|SPUBLISH a hello|PUBSUB NUMSUB|PUBSUB NUMSUB a b|PUBSUB NUMPAT|PUBSUB CHANNELS|PUBSUB SHARDCHANNELS",
                "SUBSCRIBE a|QUIT"
            })
    void aPoolAnswersAsOneServerDoes(String lines) {
        for (String dialect : List.of("2", "3")) {
            List<String> expected = answersOfOneServer(lines, dialect);
            for (String pool : List.of("one", "three")) {
                try (RespClient client = proxy.connect(pool)) {
                    client.call("HELLO", dialect);
                    Iterator<String> next = expected.iterator();
                    for (String line : lines.split("\\|")) {
                        String answer = next.next();
                        client.command(line.split(" "));
                        assertThat(RespClient.text(client.read(answer.length(), Duration.ofSeconds(5))))
                                .as(line + " in RESP" + dialect + " to " + pool)
                                .isEqualTo(answer);
                    }
                    assertThat(client.untilQuiet(Duration.ofMillis(20))).isEmpty();
                }
            }
        }
    }

    private List<String> answersOfOneServer(String lines, String dialect) {
        try (RespClient server = alone.connect()) {
            server.call("HELLO", dialect);
            return Arrays.stream(lines.split("\\|"))
                    .map(line -> server.command(line.split(" ")).untilQuiet(Duration.ofMillis(50)))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"one, *", "three, *", "one, >", "three, >"})
    void aMessageReachesEverybodyWhoHasSubscribed(String pool, char mark) {
        try (RespClient publisher = proxy.connect(pool);
                RespClient channel = proxy.connect(pool);
                RespClient pattern = proxy.connect(pool);
                RespClient both = proxy.connect(pool);
                RespClient other = proxy.connect(pool)) {
            List.of(channel, pattern, both, other).forEach(client -> client.call("HELLO", mark == '>' ? "3" : "2"));
            assertThat(channel.call("SUBSCRIBE", "news")).isEqualTo(told(mark, "subscribe", "news", 1));
            assertThat(pattern.call("PSUBSCRIBE", "n*")).isEqualTo(told(mark, "psubscribe", "n*", 1));
            assertThat(both.call("SUBSCRIBE", "news")).isEqualTo(told(mark, "subscribe", "news", 1));
            assertThat(both.call("PSUBSCRIBE", "*")).isEqualTo(told(mark, "psubscribe", "*", 2));
            assertThat(other.call("SSUBSCRIBE", "news")).isEqualTo(told(mark, "ssubscribe", "news", 1));

            assertThat(publisher.call("PUBLISH", "news", "hello")).isNotEqualTo(":0\r\n");
            assertThat(publisher.call("SPUBLISH", "news", "shard")).isEqualTo(":1\r\n");

            String message = message(mark, "message", "news", "hello");
            assertThat(channel.reply()).isEqualTo(message);
            assertThat(pattern.reply()).isEqualTo(message(mark, "pmessage", "n*", "news", "hello"));
            assertThat(both.replies(2)).containsExactlyInAnyOrder(message, message(mark, "pmessage", "*", "news", "hello"));
            assertThat(other.reply()).isEqualTo(message(mark, "smessage", "news", "shard"));
            assertThat(channel.untilQuiet(QUIET)).isEmpty();
            // What would have come to the others has come by now.
            for (RespClient client : List.of(pattern, both, other)) {
                assertThat(client.untilQuiet(Duration.ofMillis(1))).isEmpty();
            }
        }
    }

    @Test
    void clientsOfBothDialectsShareOneSubscription() {
        try (RespClient old = proxy.connect("three"); RespClient young = resp3(proxy.connect("three"))) {
            old.call("SUBSCRIBE", "c");
            young.call("SUBSCRIBE", "c");

            assertThat(old.untilQuiet(Duration.ZERO)).isEmpty();
            try (RespClient publisher = proxy.connect("three")) {
                publisher.call("PUBLISH", "c", "m");
            }

            assertThat(old.reply()).isEqualTo(message('*', "message", "c", "m"));
            assertThat(young.reply()).isEqualTo(message('>', "message", "c", "m"));
        }
    }

    /// A confirmation is worth something: whatever is published behind it comes.
    @Test
    void whatIsPublishedAfterTheConfirmationIsHeard() {
        try (RespClient publisher = proxy.connect("three")) {
            for (int round = 0; round < 200; round++) {
                String channel = "round" + round;
                try (RespClient client = proxy.connect("three")) {
                    client.call("SUBSCRIBE", channel);
                    assertThat(publisher.call("PUBLISH", channel, "m")).isEqualTo(":1\r\n");
                    assertThat(client.reply()).isEqualTo(message('*', "message", channel, "m"));
                }
            }
        }
    }

    @Test
    void inResp3OrdinaryCommandsGoOnBesides() {
        try (RespClient client = resp3(proxy.connect("three"))) {
            client.call("SUBSCRIBE", "own{t}");
            assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
            client.command("PUBLISH", "own{t}", "m");
            assertThat(client.replies(2)).containsExactlyInAnyOrder(":1\r\n", message('>', "message", "own{t}", "m"));

            client.command("MULTI").command("SET", "k{t}", "w").command("PUBLISH", "own{t}", "n").command("EXEC");
            assertThat(client.replies(5))
                    .containsExactlyInAnyOrder(
                            "+OK\r\n", "+QUEUED\r\n", "+QUEUED\r\n", "*2\r\n+OK\r\n:1\r\n", message('>', "message", "own{t}", "n"));

            assertThat(client.call("BLPOP", "list", "0.01")).isEqualTo("_\r\n");
            assertThat(client.call("HELLO", "2")).startsWith("*14");
            assertThat(client.call("GET", "k"))
                    .isEqualTo("-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed"
                            + " in this context\r\n");
            assertThat(client.call("UNSUBSCRIBE")).isEqualTo(told('*', "unsubscribe", "own{t}", 0));
            assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            three.flush();
        }
    }

    /// What is sent in one go is done in order, also where the confirmation takes a while.
    @Test
    void whatIsPipelinedBehindASubscriptionIsDoneBehindIt() {
        try (RespClient client = resp3(proxy.connect("three"))) {
            client.send(RespClient.text(RespClient.encode("SET", "k", "v"))
                    + RespClient.text(RespClient.encode("SUBSCRIBE", "a", "b"))
                    + RespClient.text(RespClient.encode("PUBLISH", "a", "m"))
                    + RespClient.text(RespClient.encode("UNSUBSCRIBE", "b"))
                    + RespClient.text(RespClient.encode("GET", "k")));

            List<String> replies = new ArrayList<>(client.replies(7));
            assertThat(replies.remove(message('>', "message", "a", "m"))).isTrue();
            assertThat(replies)
                    .containsExactly(
                            "+OK\r\n", told('>', "subscribe", "a", 1), told('>', "subscribe", "b", 2), ":1\r\n",
                            told('>', "unsubscribe", "b", 1), "$1\r\nv\r\n");
            three.flush();
        }
    }

    @Test
    void noMessageComesInTheMiddleOfALargeReply() {
        String value = "v".repeat(8 * 1024 * 1024);
        String payload = "m".repeat(5000);
        try (RespClient client = resp3(proxy.connect("three")); RespClient publisher = proxy.connect("three")) {
            publisher.call("SET", "large", value);
            client.call("SUBSCRIBE", "c");
            for (int round = 0; round < 10; round++) {
                client.command("GET", "large");
                for (int i = 0; i < 5; i++) {
                    publisher.call("PUBLISH", "c", payload);
                }
                List<String> replies = client.replies(6);
                assertThat(replies).filteredOn(message('>', "message", "c", payload)::equals).hasSize(5);
                assertThat(replies).filteredOn(reply -> reply.startsWith("$8388608\r\n")).hasSize(1);
            }
            three.flush();
        }
    }

    @Test
    void aMessageLargerThanAnyBufferIsTheSameForAll() {
        List<RespClient> clients = new ArrayList<>();
        String payload = "0123456789abcdef".repeat(64 * 1024);
        try (RespClient publisher = proxy.connect("three")) {
            for (int i = 0; i < 10; i++) {
                RespClient client = proxy.connect("three");
                clients.add(client);
                client.call("HELLO", i % 2 == 0 ? "2" : "3");
                client.call("SUBSCRIBE", "c");
            }
            for (int round = 0; round < 3; round++) {
                publisher.call("PUBLISH", "c", payload);
            }
            for (int i = 0; i < clients.size(); i++) {
                String message = message(i % 2 == 0 ? '*' : '>', "message", "c", payload);
                assertThat(clients.get(i).replies(3)).allMatch(message::equals);
            }
        } finally {
            clients.forEach(RespClient::close);
        }
    }

    /// Where the key is, and not where the channel's name belongs.
    @Test
    void whatServersTellOfTheirKeysIsHeardFromAllOfThem() {
        for (int server = 0; server < 3; server++) {
            three.get(server).call("CONFIG", "SET", "notify-keyspace-events", "KEA");
        }
        try (RespClient client = proxy.connect("three"); RespClient writer = proxy.connect("three")) {
            client.call("SUBSCRIBE", "__keyevent@0__:set");
            List<String> expected = new ArrayList<>();
            for (int key = 0; key < 20; key++) {
                writer.call("SET", "key" + key, "v");
                expected.add(message('*', "message", "__keyevent@0__:set", "key" + key));
            }
            assertThat(client.replies(20)).containsExactlyInAnyOrderElementsOf(expected);

            client.call("SUBSCRIBE", "__keyspace@0__:key7");
            writer.call("DEL", "key7");
            assertThat(client.reply()).isEqualTo(message('*', "message", "__keyspace@0__:key7", "del"));
            assertThat(writer.call("PUBSUB", "CHANNELS", "__key*")).startsWith("*2\r\n");
        } finally {
            for (int server = 0; server < 3; server++) {
                three.get(server).call("CONFIG", "SET", "notify-keyspace-events", "");
            }
            three.flush();
        }
    }

    @Test
    void aPoolSaysWhatIsSubscribedTo() {
        try (RespClient client = proxy.connect("three"); RespClient asking = proxy.connect("three")) {
            client.command("SUBSCRIBE", "a", "b", "c", "d").replies(4);
            client.command("PSUBSCRIBE", "x*", "y*").replies(2);
            client.command("SSUBSCRIBE", "s").reply();

            assertThat(asking.call("PUBSUB", "CHANNELS")).startsWith("*4\r\n").contains("$1\r\na\r\n", "$1\r\nd\r\n");
            assertThat(asking.call("PUBSUB", "CHANNELS", "c*")).isEqualTo("*1\r\n$1\r\nc\r\n");
            assertThat(asking.call("PUBSUB", "NUMSUB", "a", "nobody", "d"))
                    .isEqualTo("*6\r\n$1\r\na\r\n:1\r\n$6\r\nnobody\r\n:0\r\n$1\r\nd\r\n:1\r\n");
            assertThat(asking.call("PUBSUB", "NUMPAT")).isEqualTo(":2\r\n");
            assertThat(asking.call("PUBSUB", "SHARDCHANNELS")).isEqualTo("*1\r\n$1\r\ns\r\n");
            assertThat(asking.call("PUBSUB", "SHARDNUMSUB", "s")).isEqualTo("*2\r\n$1\r\ns\r\n:1\r\n");
        }
    }

    @Test
    void insideATransactionNothingIsSubscribed() {
        try (RespClient client = proxy.connect("three")) {
            client.call("MULTI");
            assertThat(client.call("SUBSCRIBE", "a"))
                    .isEqualTo("-ERR 'subscribe' cannot be part of a transaction here, because no single server could answer it; "
                            + "ask before MULTI\r\n");
            assertThat(client.call("EXEC")).startsWith("-EXECABORT");
        }
    }

    /// Nobody loses a message and nobody gets one twice, with channels coming and going beside it.
    @Test
    void everySubscriberGetsEveryMessageOnce() {
        int channels = 50;
        int messages = 40;
        List<RespClient> clients = new ArrayList<>();
        try (RespClient restless = proxy.connect("three"); RespClient publisher = proxy.connect("three")) {
            for (int i = 0; i < 200; i++) {
                RespClient client = proxy.connect("three");
                clients.add(client);
                client.call("HELLO", i % 2 == 0 ? "2" : "3");
                String[] words = new String[channels + 1];
                words[0] = "SUBSCRIBE";
                for (int channel = 0; channel < channels; channel++) {
                    words[channel + 1] = "channel" + (i + channel) % 100;
                }
                client.command(words).replies(channels);
            }
            for (int message = 0; message < messages; message++) {
                restless.command(message % 2 == 0 ? "SUBSCRIBE" : "UNSUBSCRIBE", "channel" + message / 2);
                for (int channel = 0; channel < 100; channel++) {
                    publisher.command("PUBLISH", "channel" + channel, "m" + message);
                }
                assertThat(publisher.replies(100)).noneMatch(":0\r\n"::equals);
            }
            for (int i = 0; i < clients.size(); i++) {
                char mark = i % 2 == 0 ? '*' : '>';
                List<String> expected = new ArrayList<>();
                for (int message = 0; message < messages; message++) {
                    for (int channel = 0; channel < channels; channel++) {
                        expected.add(message(mark, "message", "channel" + (i + channel) % 100, "m" + message));
                    }
                }
                List<String> heard = new ArrayList<>(clients.get(i).replies(channels * messages));
                Collections.sort(expected);
                Collections.sort(heard);
                assertThat(heard).isEqualTo(expected);
            }
            assertThat(proxy.pool("three").counters().messages).isGreaterThanOrEqualTo(200L * channels * messages);
        } finally {
            clients.forEach(RespClient::close);
        }
    }

    @Test
    void messagesOfOneChannelKeepTheirOrder() {
        try (RespClient client = resp3(proxy.connect("three")); RespClient publisher = proxy.connect("three")) {
            client.call("SUBSCRIBE", "c");
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                publisher.command("PUBLISH", "c", "m" + i);
                expected.add(message('>', "message", "c", "m" + i));
            }
            publisher.replies(5000);
            assertThat(client.replies(5000)).isEqualTo(expected);
        }
    }

    @Test
    void whoDoesNotReadIsSentAwayAndOthersHearEverything() {
        String payload = "m".repeat(64 * 1024);
        try (ProxyUnderTest small = ProxyUnderTest.with(three.yaml("small"), LimitsOf.written("output", "1M"));
                RespClient slow = small.connect("small");
                RespClient reader = small.connect("small");
                RespClient publisher = small.connect("small")) {
            slow.call("SUBSCRIBE", "c");
            reader.call("SUBSCRIBE", "c");
            Pool pool = small.pool("small");
            for (int i = 0; pool.closed(CloseCause.SLOW_SUBSCRIBER) == 0; i++) {
                assertThat(i).as("messages that nobody reads").isLessThan(2000);
                publisher.call("PUBLISH", "c", i + payload);
                assertThat(reader.reply()).isEqualTo(message('*', "message", "c", i + payload));
            }
            await().untilAsserted(() -> assertThat(pool.counters().subscribers).isEqualTo(1));
            publisher.call("PUBLISH", "c", "last");
            assertThat(reader.reply()).isEqualTo(message('*', "message", "c", "last"));
        }
    }

    @Test
    void howMuchMayBeSubscribedToIsBounded() {
        try (ProxyUnderTest few = ProxyUnderTest.with(
                        three.yaml("few"), LimitsOf.written(Map.of("subscriptions-per-client", 3, "subscriptions", 4)));
                RespClient one = few.connect("few");
                RespClient other = few.connect("few")) {
            String refusal = "-ERR " + Failure.TOO_MANY_SUBSCRIPTIONS.text() + "\r\n";
            assertThat(one.call("SUBSCRIBE", "a", "b", "c", "d")).isEqualTo(refusal);
            one.command("SUBSCRIBE", "a", "b", "c").replies(3);
            assertThat(one.call("PSUBSCRIBE", "d")).isEqualTo(refusal);
            assertThat(one.call("SUBSCRIBE", "a")).isEqualTo(told('*', "subscribe", "a", 3));
            assertThat(other.call("SUBSCRIBE", "a", "b")).isEqualTo(refusal);
            assertThat(other.call("SUBSCRIBE", "a")).isEqualTo(told('*', "subscribe", "a", 1));
            one.command("UNSUBSCRIBE", "b", "c").replies(2);
            assertThat(other.command("SUBSCRIBE", "b", "c").replies(2)).hasSize(2);
            assertThat(one.call("SUBSCRIBE", "x".repeat(1025)))
                    .isEqualTo("-ERR names of channels and patterns cannot be longer than 1024 bytes here\r\n");
            assertThat(few.pool("few").failed(Failure.TOO_MANY_SUBSCRIPTIONS)).isEqualTo(3);
        }
    }

    @Test
    void whoListensIsNotIdle() {
        try (ProxyUnderTest impatient = ProxyUnderTest.with(three.yaml("impatient"), LimitsOf.written("idle", "300ms"));
                RespClient silent = impatient.connect("impatient");
                RespClient listening = impatient.connect("impatient")) {
            listening.call("SUBSCRIBE", "c");
            silent.call("PING");

            assertThat(silent.untilClosed()).isEmpty();

            try (RespClient publisher = impatient.connect("impatient")) {
                publisher.call("PUBLISH", "c", "m");
            }
            assertThat(listening.reply()).isEqualTo(message('*', "message", "c", "m"));
        }
    }
}
