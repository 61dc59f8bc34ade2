package io.cashew.clients;

import static io.vertx.redis.client.Command.BLPOP;
import static io.vertx.redis.client.Command.CLIENT;
import static io.vertx.redis.client.Command.DEL;
import static io.vertx.redis.client.Command.EVALSHA;
import static io.vertx.redis.client.Command.EXEC;
import static io.vertx.redis.client.Command.GET;
import static io.vertx.redis.client.Command.HGETALL;
import static io.vertx.redis.client.Command.HSET;
import static io.vertx.redis.client.Command.INCR;
import static io.vertx.redis.client.Command.LRANGE;
import static io.vertx.redis.client.Command.MGET;
import static io.vertx.redis.client.Command.MSET;
import static io.vertx.redis.client.Command.MSETNX;
import static io.vertx.redis.client.Command.MULTI;
import static io.vertx.redis.client.Command.PING;
import static io.vertx.redis.client.Command.PSUBSCRIBE;
import static io.vertx.redis.client.Command.PUBLISH;
import static io.vertx.redis.client.Command.RPUSH;
import static io.vertx.redis.client.Command.SCAN;
import static io.vertx.redis.client.Command.SCRIPT;
import static io.vertx.redis.client.Command.SET;
import static io.vertx.redis.client.Command.SUBSCRIBE;
import static io.vertx.redis.client.Command.ZADD;
import static io.vertx.redis.client.Command.ZRANGE;

import io.cashew.fixture.TlsEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The client of Vert.x, which Quarkus applications have, with its pool of connections. It asks for RESP3 unless it is told
/// otherwise.
class VertxTest extends ClientSuite {
    private static Vertx vertx;

    VertxTest() {
        super("io.vertx.redis");
    }

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        now(vertx.close());
    }

    @Override
    LibraryClient connect(int port, String password, String name) {
        String scheme = way.tls() ? "rediss" : "redis";
        String login = password == null ? "" : ":" + password + "@";
        var options = new RedisOptions().setConnectionString(scheme + "://" + login + "127.0.0.1:" + port);
        if (way.dialect() == 2) {
            options.setPreferredProtocolVersion(ProtocolVersion.RESP2);
        }
        if (way.tls()) {
            options.setNetClientOptions(new NetClientOptions()
                    .setTrustOptions(TlsEntry.empty().trusts(stage().authority()).getTrustStoreOptions())
                    .setHostnameVerificationAlgorithm("HTTPS"));
        }
        var client = new Client(Redis.createClient(vertx, options));
        if (name != null) {
            // It has no setting for that.
            client.ask(CLIENT, "SETNAME", name);
        }
        return client;
    }

    private static <T> T now(Future<T> reply) {
        return reply.toCompletionStage().toCompletableFuture().join();
    }

    private record Client(Redis redis) implements LibraryClient {
        private Response ask(Command command, Object... words) {
            return now(redis.send(request(command, words)));
        }

        private static Request request(Command command, Object... words) {
            var request = Request.cmd(command);
            for (Object word : words) {
                switch (word) {
                    case byte[] bytes -> request.arg(Buffer.buffer(bytes));
                    case Collection<?> several -> several.forEach(one -> request.arg(one.toString()));
                    case Map<?, ?> pairs -> pairs.forEach((key, value) -> request.arg(key.toString()).arg(value.toString()));
                    default -> request.arg(word.toString());
                }
            }
            return request;
        }

        private static List<String> texts(Response array) {
            var texts = new ArrayList<String>();
            array.forEach(element -> texts.add(element == null ? null : element.toString()));
            return texts;
        }

        @Override
        public String ping() {
            return ask(PING).toString();
        }

        @Override
        public void set(byte[] key, byte[] value) {
            ask(SET, key, value);
        }

        @Override
        public byte[] get(byte[] key) {
            var value = ask(GET, (Object) key);
            return value == null ? null : value.toBytes();
        }

        @Override
        public void mset(Map<String, String> values) {
            ask(MSET, values);
        }

        @Override
        public List<String> mget(List<String> keys) {
            return texts(ask(MGET, keys));
        }

        @Override
        public boolean msetnx(Map<String, String> values) {
            return ask(MSETNX, values).toInteger() == 1;
        }

        @Override
        public long del(List<String> keys) {
            return ask(DEL, keys).toLong();
        }

        @Override
        public long incr(String key) {
            return ask(INCR, key).toLong();
        }

        /// In RESP2 a map is an array of keys and values; the library has the same words for both.
        @Override
        public Map<String, String> hash(String key, Map<String, String> fields) {
            ask(HSET, key, fields);
            var found = ask(HGETALL, key);
            var read = new HashMap<String, String>();
            found.getKeys().forEach(field -> read.put(field, found.get(field).toString()));
            return read;
        }

        @Override
        public List<String> list(String key, List<String> elements) {
            ask(RPUSH, key, elements);
            return texts(ask(LRANGE, key, 0, -1));
        }

        /// In RESP2 members and scores take turns, in RESP3 they are pairs.
        @Override
        public Map<String, Double> sortedSet(String key, Map<String, Double> members) {
            members.forEach((member, score) -> ask(ZADD, key, score, member));
            var flat = StreamSupport.stream(ask(ZRANGE, key, 0, -1, "WITHSCORES").spliterator(), false)
                    .flatMap(element -> element.type() == ResponseType.MULTI ? element.stream() : Stream.of(element))
                    .toList();
            var read = new HashMap<String, Double>();
            for (int i = 0; i < flat.size(); i += 2) {
                read.put(flat.get(i).toString(), flat.get(i + 1).toDouble());
            }
            return read;
        }

        @Override
        public List<String> pipeline(Map<String, String> values) {
            var requests = new ArrayList<Request>();
            values.forEach((key, value) -> requests.add(request(SET, key, value)));
            values.keySet().forEach(key -> requests.add(request(GET, key)));
            var replies = now(redis.batch(requests));
            return replies.subList(values.size(), replies.size()).stream().map(Response::toString).toList();
        }

        @Override
        public List<?> transaction(String key) {
            var requests = List.of(request(MULTI), request(INCR, key), request(INCR, key), request(EXEC));
            return texts(now(redis.batch(requests)).getLast());
        }

        @Override
        public long script(String script, String key, String argument) {
            return ask(EVALSHA, ask(SCRIPT, "LOAD", script), 1, key, argument).toLong();
        }

        @Override
        public Set<String> scan() {
            var keys = new HashSet<String>();
            String cursor = "0";
            do {
                var page = ask(SCAN, cursor);
                cursor = page.get(0).toString();
                keys.addAll(texts(page.get(1)));
            } while (!cursor.equals("0"));
            return keys;
        }

        @Override
        public String pop(String key) {
            return ask(BLPOP, key, 5).get(1).toString();
        }

        @Override
        public AutoCloseable subscribe(String channel, String pattern, Consumer<String> heard) {
            var subscribed = new CountDownLatch(2);
            var connection = now(redis.connect());
            connection.handler(push -> {
                switch (push.get(0).toString()) {
                    case "subscribe", "psubscribe" -> subscribed.countDown();
                    case "message" -> heard.accept(push.get(1) + "=" + push.get(2));
                    case "pmessage" -> heard.accept(push.get(2) + "=" + push.get(3));
                    default -> heard.accept(push.toString());
                }
            });
            connection.send(request(SUBSCRIBE, channel));
            connection.send(request(PSUBSCRIBE, pattern));
            try {
                if (!subscribed.await(10, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no confirmation");
                }
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
            return () -> now(connection.close());
        }

        @Override
        public void publish(String channel, String message) {
            ask(PUBLISH, channel, message);
        }

        @Override
        public String name() {
            return ask(CLIENT, "GETNAME").toString();
        }

        @Override
        public String description() {
            return ask(CLIENT, "INFO").toString();
        }

        @Override
        public void close() {
            redis.close();
        }
    }
}
