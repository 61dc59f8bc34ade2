package io.cashew.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.TlsEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.resps.Tuple;

/// Jedis with a pool of connections, as its own introduction begins. It asks for RESP3 unless it is told otherwise.
class JedisTest extends ClientSuite {
    JedisTest() {
        super("redis.clients");
    }

    @Override
    LibraryClient connect(int port, String password, String name) {
        var settings = DefaultJedisClientConfig.builder().password(password).clientName(name);
        if (way.dialect() == 2) {
            settings.resp2();
        }
        if (way.tls()) {
            var trust = TlsEntry.empty().trusts(stage().authority());
            settings.ssl(true).sslSocketFactory(trust.context().getSocketFactory());
        }
        return new Client(RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .clientConfig(settings.build())
                .build());
    }

    private record Client(RedisClient jedis) implements LibraryClient {
        @Override
        public String ping() {
            return jedis.ping();
        }

        @Override
        public void set(byte[] key, byte[] value) {
            jedis.set(key, value);
        }

        @Override
        public byte[] get(byte[] key) {
            return jedis.get(key);
        }

        @Override
        public void mset(Map<String, String> values) {
            jedis.mset(keysAndValues(values));
        }

        @Override
        public List<String> mget(List<String> keys) {
            return jedis.mget(keys.toArray(String[]::new));
        }

        @Override
        public boolean msetnx(Map<String, String> values) {
            return jedis.msetnx(keysAndValues(values)) == 1;
        }

        @Override
        public long del(List<String> keys) {
            return jedis.del(keys.toArray(String[]::new));
        }

        @Override
        public long incr(String key) {
            return jedis.incr(key);
        }

        @Override
        public Map<String, String> hash(String key, Map<String, String> fields) {
            jedis.hset(key, fields);
            return jedis.hgetAll(key);
        }

        @Override
        public List<String> list(String key, List<String> elements) {
            jedis.rpush(key, elements.toArray(String[]::new));
            return jedis.lrange(key, 0, -1);
        }

        @Override
        public Map<String, Double> sortedSet(String key, Map<String, Double> members) {
            jedis.zadd(key, members);
            return jedis.zrangeWithScores(key, 0, -1).stream()
                    .collect(Collectors.toMap(Tuple::getElement, Tuple::getScore));
        }

        @Override
        public List<String> pipeline(Map<String, String> values) {
            var replies = new ArrayList<Response<String>>();
            try (var pipeline = jedis.pipelined()) {
                values.forEach(pipeline::set);
                values.keySet().forEach(key -> replies.add(pipeline.get(key)));
            }
            return replies.stream().map(Response::get).toList();
        }

        @Override
        public List<?> transaction(String key) {
            try (var transaction = jedis.multi()) {
                transaction.incr(key);
                transaction.incr(key);
                return transaction.exec();
            }
        }

        @Override
        public long script(String script, String key, String argument) {
            return (long) jedis.evalsha(jedis.scriptLoad(script), List.of(key), List.of(argument));
        }

        @Override
        public Set<String> scan() {
            var keys = new HashSet<String>();
            var pages = jedis.scanIteration(100, "*");
            while (!pages.isIterationCompleted()) {
                keys.addAll(pages.nextBatchList());
            }
            return keys;
        }

        @Override
        public String pop(String key) {
            return jedis.blpop(5, key).get(1);
        }

        @Override
        public AutoCloseable subscribe(String channel, String pattern, Consumer<String> heard) {
            var subscribed = new CountDownLatch(2);
            var listener = new JedisPubSub() {
                @Override
                public void onSubscribe(String name, int count) {
                    subscribed.countDown();
                    psubscribe(pattern);
                }

                @Override
                public void onPSubscribe(String name, int count) {
                    subscribed.countDown();
                }

                @Override
                public void onMessage(String name, String message) {
                    heard.accept(name + "=" + message);
                }

                @Override
                public void onPMessage(String matched, String name, String message) {
                    heard.accept(name + "=" + message);
                }
            };
            var thread = Thread.startVirtualThread(() -> jedis.subscribe(listener, channel));
            try {
                assertThat(subscribed.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
            return () -> {
                listener.unsubscribe();
                listener.punsubscribe();
                assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
            };
        }

        @Override
        public void publish(String channel, String message) {
            jedis.publish(channel, message);
        }

        @Override
        public String name() {
            return new String((byte[]) jedis.sendCommand(Protocol.Command.CLIENT, "GETNAME"), UTF_8);
        }

        @Override
        public String description() {
            return new String((byte[]) jedis.sendCommand(Protocol.Command.CLIENT, "LIST"), UTF_8);
        }

        @Override
        public void close() {
            jedis.close();
        }

        private static String[] keysAndValues(Map<String, String> values) {
            return values.entrySet().stream()
                    .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                    .toArray(String[]::new);
        }
    }
}
