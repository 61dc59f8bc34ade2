package io.cashew.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cashew.fixture.TlsEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisStrictCommand;
import org.redisson.client.protocol.ScoredEntry;
import org.redisson.config.Config;
import org.redisson.config.Protocol;

/// Redisson in its single-server mode, on the Netty of Quarkus. It speaks RESP2 unless it is told otherwise.
class RedissonTest extends ClientSuite {
    RedissonTest() {
        super("org.redisson");
    }

    @Override
    LibraryClient connect(int port, String password, String name) {
        var config = new Config();
        if (way.dialect() == 3) {
            config.setProtocol(Protocol.RESP3);
        }
        if (way.tls()) {
            config.setSslTrustManagerFactory(TlsEntry.empty().trusts(stage().authority()).trust());
        }
        config.useSingleServer()
                .setAddress((way.tls() ? "rediss://127.0.0.1:" : "redis://127.0.0.1:") + port)
                .setClientName(name)
                // By default it takes six seconds to be convinced that a password is wrong.
                .setRetryAttempts(0);
        config.setPassword(password);
        return new Client(Redisson.create(config));
    }

    private record Client(RedissonClient redisson) implements LibraryClient {
        @Override
        public String ping() {
            return redisson.getRedisNodes(RedisNodes.SINGLE).pingAll() ? "PONG" : "";
        }

        @Override
        public void set(byte[] key, byte[] value) {
            redisson.<byte[]>getBucket(new String(key, UTF_8), ByteArrayCodec.INSTANCE).set(value);
        }

        @Override
        public byte[] get(byte[] key) {
            return redisson.<byte[]>getBucket(new String(key, UTF_8), ByteArrayCodec.INSTANCE).get();
        }

        @Override
        public void mset(Map<String, String> values) {
            redisson.getBuckets(StringCodec.INSTANCE).set(values);
        }

        @Override
        public List<String> mget(List<String> keys) {
            Map<String, String> found = redisson.getBuckets(StringCodec.INSTANCE).get(keys.toArray(String[]::new));
            return keys.stream().map(found::get).collect(Collectors.toCollection(ArrayList::new));
        }

        @Override
        public boolean msetnx(Map<String, String> values) {
            return redisson.getBuckets(StringCodec.INSTANCE).trySet(values);
        }

        @Override
        public long del(List<String> keys) {
            return redisson.getKeys().delete(keys.toArray(String[]::new));
        }

        @Override
        public long incr(String key) {
            return redisson.getAtomicLong(key).incrementAndGet();
        }

        @Override
        public Map<String, String> hash(String key, Map<String, String> fields) {
            redisson.<String, String>getMap(key, StringCodec.INSTANCE).putAll(fields);
            return redisson.<String, String>getMap(key, StringCodec.INSTANCE).readAllMap();
        }

        @Override
        public List<String> list(String key, List<String> elements) {
            redisson.<String>getList(key, StringCodec.INSTANCE).addAll(elements);
            return redisson.<String>getList(key, StringCodec.INSTANCE).readAll();
        }

        @Override
        public Map<String, Double> sortedSet(String key, Map<String, Double> members) {
            redisson.<String>getScoredSortedSet(key, StringCodec.INSTANCE).addAll(members);
            return redisson.<String>getScoredSortedSet(key, StringCodec.INSTANCE).entryRange(0, -1).stream()
                    .collect(Collectors.toMap(ScoredEntry::getValue, ScoredEntry::getScore));
        }

        @Override
        public List<String> pipeline(Map<String, String> values) {
            var batch = redisson.createBatch();
            values.forEach((key, value) -> batch.getBucket(key, StringCodec.INSTANCE).setAsync(value));
            var replies = new ArrayList<RFuture<String>>();
            values.keySet().forEach(key -> replies.add(batch.<String>getBucket(key, StringCodec.INSTANCE).getAsync()));
            batch.execute();
            return replies.stream().map(reply -> reply.toCompletableFuture().join()).toList();
        }

        @Override
        public List<?> transaction(String key) {
            var batch = redisson.createBatch(BatchOptions.defaults().executionMode(ExecutionMode.REDIS_WRITE_ATOMIC));
            batch.getAtomicLong(key).incrementAndGetAsync();
            batch.getAtomicLong(key).incrementAndGetAsync();
            return batch.execute().getResponses();
        }

        @Override
        public long script(String script, String key, String argument) {
            var scripts = redisson.getScript(StringCodec.INSTANCE);
            String hash = scripts.scriptLoad(script);
            return scripts.<Long>evalSha(Mode.READ_WRITE, hash, ReturnType.LONG, List.of(key), argument);
        }

        @Override
        public Set<String> scan() {
            return redisson.getKeys().getKeysStream().collect(Collectors.toSet());
        }

        @Override
        public String pop(String key) {
            try {
                return redisson.<String>getBlockingQueue(key, StringCodec.INSTANCE).poll(5, TimeUnit.SECONDS);
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
        }

        @Override
        public AutoCloseable subscribe(String channel, String pattern, Consumer<String> heard) {
            var topic = redisson.getTopic(channel, StringCodec.INSTANCE);
            var topics = redisson.getPatternTopic(pattern, StringCodec.INSTANCE);
            topic.addListener(String.class, (name, message) -> heard.accept(name + "=" + message));
            topics.addListener(String.class, (matched, name, message) -> heard.accept(name + "=" + message));
            return () -> {
                topic.removeAllListeners();
                topics.removeAllListeners();
            };
        }

        @Override
        public void publish(String channel, String message) {
            redisson.getTopic(channel, StringCodec.INSTANCE).publish(message);
        }

        @Override
        public String name() {
            return client("GETNAME");
        }

        @Override
        public String description() {
            return client("LIST");
        }

        /// It has no words for these.
        private String client(String subcommand) {
            var command = new RedisStrictCommand<String>("CLIENT", subcommand);
            var commands = ((Redisson) redisson).getCommandExecutor();
            return commands.get(commands.<String, String>readAsync("any key", StringCodec.INSTANCE, command));
        }

        @Override
        public void close() {
            redisson.shutdown();
        }
    }
}
