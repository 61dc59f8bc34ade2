package io.cashew.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations.TypedTuple;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.PatternTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/// Spring's template over Lettuce, as Spring applications have it.
class SpringDataTest extends ClientSuite {
    SpringDataTest() {
        super("org.springframework.data.redis");
    }

    @Override
    LibraryClient connect(int port, String password, String name) {
        var server = new RedisStandaloneConfiguration("127.0.0.1", port);
        server.setPassword(password);
        var settings = LettuceClientConfiguration.builder().clientOptions(LettuceTest.options(way));
        if (name != null) {
            settings.clientName(name);
        }
        if (way.tls()) {
            settings.useSsl();
        }
        var connections = new LettuceConnectionFactory(server, settings.build());
        connections.afterPropertiesSet();
        return new Client(connections, new StringRedisTemplate(connections));
    }

    private record Client(LettuceConnectionFactory connections, StringRedisTemplate template) implements LibraryClient {
        private <T> T ask(RedisCallback<T> question) {
            return template.execute(question);
        }

        @Override
        public String ping() {
            return ask(connection -> connection.ping());
        }

        @Override
        public void set(byte[] key, byte[] value) {
            ask(connection -> connection.stringCommands().set(key, value));
        }

        @Override
        public byte[] get(byte[] key) {
            return ask(connection -> connection.stringCommands().get(key));
        }

        @Override
        public void mset(Map<String, String> values) {
            template.opsForValue().multiSet(values);
        }

        @Override
        public List<String> mget(List<String> keys) {
            return template.opsForValue().multiGet(keys);
        }

        @Override
        public boolean msetnx(Map<String, String> values) {
            return template.opsForValue().multiSetIfAbsent(values);
        }

        @Override
        public long del(List<String> keys) {
            return template.delete(keys);
        }

        @Override
        public long incr(String key) {
            return template.opsForValue().increment(key);
        }

        @Override
        public Map<String, String> hash(String key, Map<String, String> fields) {
            var hashes = template.<String, String>opsForHash();
            hashes.putAll(key, fields);
            return hashes.entries(key);
        }

        @Override
        public List<String> list(String key, List<String> elements) {
            template.opsForList().rightPushAll(key, elements);
            return template.opsForList().range(key, 0, -1);
        }

        @Override
        public Map<String, Double> sortedSet(String key, Map<String, Double> members) {
            members.forEach((member, score) -> template.opsForZSet().add(key, member, score));
            return template.opsForZSet().rangeWithScores(key, 0, -1).stream()
                    .collect(Collectors.toMap(TypedTuple::getValue, TypedTuple::getScore));
        }

        @Override
        public List<String> pipeline(Map<String, String> values) {
            RedisCallback<Void> requests = connection -> {
                values.forEach((key, value) -> connection.stringCommands().set(key.getBytes(UTF_8), value.getBytes(UTF_8)));
                values.keySet().forEach(key -> connection.stringCommands().get(key.getBytes(UTF_8)));
                return null;
            };
            var replies = template.executePipelined(requests);
            return replies.subList(values.size(), replies.size()).stream().map(String.class::cast).toList();
        }

        @Override
        public List<?> transaction(String key) {
            return template.execute(new SessionCallback<List<Object>>() {
                @Override
                @SuppressWarnings("unchecked") // the template's own types
                public <K, V> List<Object> execute(RedisOperations<K, V> operations) throws DataAccessException {
                    operations.multi();
                    operations.opsForValue().increment((K) key);
                    operations.opsForValue().increment((K) key);
                    return operations.exec();
                }
            });
        }

        @Override
        public long script(String script, String key, String argument) {
            return template.execute(RedisScript.of(script, Long.class), List.of(key), argument);
        }

        @Override
        public Set<String> scan() {
            try (var keys = template.scan(ScanOptions.scanOptions().count(100).build())) {
                return keys.stream().collect(Collectors.toSet());
            }
        }

        @Override
        public String pop(String key) {
            return template.opsForList().leftPop(key, Duration.ofSeconds(5));
        }

        @Override
        public AutoCloseable subscribe(String channel, String pattern, Consumer<String> heard) {
            var container = new RedisMessageListenerContainer();
            container.setConnectionFactory(connections);
            container.addMessageListener(
                    (message, matched) ->
                            heard.accept(new String(message.getChannel(), UTF_8) + "=" + new String(message.getBody(), UTF_8)),
                    List.of(ChannelTopic.of(channel), PatternTopic.of(pattern)));
            container.afterPropertiesSet();
            container.start();
            return container::destroy;
        }

        @Override
        public void publish(String channel, String message) {
            template.convertAndSend(channel, message);
        }

        @Override
        public String name() {
            return ask(connection -> connection.serverCommands().getClientName());
        }

        @Override
        public String description() {
            return ask(connection -> (String) connection.execute("CLIENT", "INFO".getBytes(UTF_8)));
        }

        @Override
        public void close() {
            connections.destroy();
        }
    }
}
