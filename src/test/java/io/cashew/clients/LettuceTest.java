package io.cashew.clients;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Lettuce with one connection for everything, which pipelines by itself, on the Netty of Quarkus. It asks for RESP3 unless it
/// is told otherwise.
class LettuceTest extends ClientSuite {
    LettuceTest() {
        super("io.lettuce");
    }

    @Override
    LibraryClient connect(int port, String password, String name) {
        var uri = RedisURI.builder().withHost("127.0.0.1").withPort(port).withSsl(way.tls());
        if (password != null) {
            uri.withPassword(password.toCharArray());
        }
        if (name != null) {
            uri.withClientName(name);
        }
        var client = RedisClient.create(uri.build());
        client.setOptions(options(way));
        try {
            return new Client(client, client.connect(), client.connect(ByteArrayCodec.INSTANCE));
        } catch (RuntimeException refused) {
            client.shutdown();
            throw refused;
        }
    }

    static ClientOptions options(Way way) {
        var options = ClientOptions.builder();
        if (way.dialect() == 2) {
            options.protocolVersion(ProtocolVersion.RESP2);
        }
        if (way.tls()) {
            var authority = stage().authority().file().toFile();
            options.sslOptions(SslOptions.builder().jdkSslProvider().trustManager(authority).build());
        }
        return options.build();
    }

    private record Client(
            RedisClient lettuce,
            StatefulRedisConnection<String, String> texts,
            StatefulRedisConnection<byte[], byte[]> bytes)
            implements LibraryClient {
        @Override
        public String ping() {
            return texts.sync().ping();
        }

        @Override
        public void set(byte[] key, byte[] value) {
            bytes.sync().set(key, value);
        }

        @Override
        public byte[] get(byte[] key) {
            return bytes.sync().get(key);
        }

        @Override
        public void mset(Map<String, String> values) {
            texts.sync().mset(values);
        }

        @Override
        public List<String> mget(List<String> keys) {
            return texts.sync().mget(keys.toArray(String[]::new)).stream()
                    .map(found -> found.getValueOrElse(null))
                    .collect(Collectors.toCollection(ArrayList::new));
        }

        @Override
        public boolean msetnx(Map<String, String> values) {
            return texts.sync().msetnx(values);
        }

        @Override
        public long del(List<String> keys) {
            return texts.sync().del(keys.toArray(String[]::new));
        }

        @Override
        public long incr(String key) {
            return texts.sync().incr(key);
        }

        @Override
        public Map<String, String> hash(String key, Map<String, String> fields) {
            texts.sync().hset(key, fields);
            return texts.sync().hgetall(key);
        }

        @Override
        public List<String> list(String key, List<String> elements) {
            texts.sync().rpush(key, elements.toArray(String[]::new));
            return texts.sync().lrange(key, 0, -1);
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        public Map<String, Double> sortedSet(String key, Map<String, Double> members) {
            ScoredValue[] scored = members.entrySet().stream()
                    .map(member -> ScoredValue.just(member.getValue(), member.getKey()))
                    .toArray(ScoredValue[]::new);
            texts.sync().zadd(key, (ScoredValue<String>[]) scored);
            return texts.sync().zrangeWithScores(key, 0, -1).stream()
                    .collect(Collectors.toMap(ScoredValue::getValue, ScoredValue::getScore));
        }

        @Override
        public List<String> pipeline(Map<String, String> values) {
            var replies = new ArrayList<RedisFuture<String>>();
            values.forEach((key, value) -> texts.async().set(key, value));
            values.keySet().forEach(key -> replies.add(texts.async().get(key)));
            LettuceFutures.awaitAll(Duration.ofSeconds(20), replies.toArray(RedisFuture[]::new));
            return replies.stream().map(reply -> reply.toCompletableFuture().join()).toList();
        }

        @Override
        public List<?> transaction(String key) {
            texts.sync().multi();
            texts.sync().incr(key);
            texts.sync().incr(key);
            return texts.sync().exec().stream().toList();
        }

        @Override
        public long script(String script, String key, String argument) {
            String hash = texts.sync().scriptLoad(script);
            return texts.sync().evalsha(hash, ScriptOutputType.INTEGER, new String[] {key}, argument);
        }

        @Override
        public Set<String> scan() {
            return ScanIterator.scan(texts.sync()).stream().collect(Collectors.toSet());
        }

        @Override
        public String pop(String key) {
            return texts.sync().blpop(5, key).getValue();
        }

        @Override
        public AutoCloseable subscribe(String channel, String pattern, Consumer<String> heard) {
            var connection = lettuce.connectPubSub();
            connection.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String name, String message) {
                    heard.accept(name + "=" + message);
                }

                @Override
                public void message(String matched, String name, String message) {
                    heard.accept(name + "=" + message);
                }
            });
            connection.sync().subscribe(channel);
            connection.sync().psubscribe(pattern);
            return connection;
        }

        @Override
        public void publish(String channel, String message) {
            texts.sync().publish(channel, message);
        }

        @Override
        public String name() {
            return texts.sync().clientGetname();
        }

        @Override
        public String description() {
            return texts.sync().clientList();
        }

        @Override
        public void close() {
            texts.close();
            bytes.close();
            // The default waits two seconds for a quiet moment.
            lettuce.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }
}
