package io.cashew.clients;

import static glide.api.models.GlideString.gs;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import glide.api.GlideClient;
import glide.api.models.Batch;
import glide.api.models.Script;
import glide.api.models.commands.RangeOptions.RangeByIndex;
import glide.api.models.commands.ScriptOptions;
import glide.api.models.configuration.AdvancedGlideClientConfiguration;
import glide.api.models.configuration.GlideClientConfiguration;
import glide.api.models.configuration.NodeAddress;
import glide.api.models.configuration.ProtocolVersion;
import glide.api.models.configuration.ServerCredentials;
import glide.api.models.configuration.StandaloneSubscriptionConfiguration;
import glide.api.models.configuration.StandaloneSubscriptionConfiguration.PubSubChannelMode;
import glide.api.models.configuration.TlsAdvancedConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Valkey GLIDE, whose network side is a library in Rust with an event loop of its own: none of what carries it is in the JVM. It
/// asks for RESP3 unless it is told otherwise.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class GlideTest extends ClientSuite {
    private static final int PATIENCE = 10_000; // milliseconds

    GlideTest() {
        super("glide");
    }

    @Override
    LibraryClient connect(int port, String password, String name) {
        var settings = settings(port).clientName(name);
        if (password != null) {
            settings.credentials(ServerCredentials.builder().password(password).build());
        }
        return new Client(now(GlideClient.createClient(settings.build())), port);
    }

    /// The error itself is only in its log, which it writes to the standard output.
    @Override
    String refusal(String error) {
        return "Failed to create client";
    }

    private GlideClientConfiguration.GlideClientConfigurationBuilder<?, ?> settings(int port) {
        // It comes with a quarter of a second for a request and two for a connection, which a busy machine may take.
        var details = AdvancedGlideClientConfiguration.builder().connectionTimeout(PATIENCE);
        if (way.tls()) {
            details.tlsAdvancedConfiguration(TlsAdvancedConfiguration.builder().rootCertificates(authority()).build());
        }
        var settings = GlideClientConfiguration.builder()
                .address(NodeAddress.builder().host("127.0.0.1").port(port).build())
                .useTLS(way.tls())
                .requestTimeout(PATIENCE)
                .advancedConfiguration(details.build());
        if (way.dialect() == 2) {
            settings.protocol(ProtocolVersion.RESP2);
        }
        return settings;
    }

    private static byte[] authority() {
        try {
            return Files.readAllBytes(stage().authority().file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T now(CompletableFuture<T> reply) {
        return reply.join();
    }

    /// In RESP2 the library has no channels.
    @Override
    @Test
    @Tag("pub/sub")
    void hearsWhatIsPublished() throws Exception {
        if (way.dialect() == 3) {
            super.hearsWhatIsPublished();
        } else {
            assertThatThrownBy(super::hearsWhatIsPublished).hasStackTraceContaining("RESP3");
        }
    }

    private final class Client implements LibraryClient {
        private final GlideClient glide;
        private final int port;

        Client(GlideClient glide, int port) {
            this.glide = glide;
            this.port = port;
        }

        @Override
        public String ping() {
            return now(glide.ping());
        }

        @Override
        public void set(byte[] key, byte[] value) {
            now(glide.set(gs(key), gs(value)));
        }

        @Override
        public byte[] get(byte[] key) {
            var value = now(glide.get(gs(key)));
            return value == null ? null : value.getBytes();
        }

        @Override
        public void mset(Map<String, String> values) {
            now(glide.mset(values));
        }

        @Override
        public List<String> mget(List<String> keys) {
            return Arrays.asList(now(glide.mget(keys.toArray(String[]::new))));
        }

        @Override
        public boolean msetnx(Map<String, String> values) {
            return now(glide.msetnx(values));
        }

        @Override
        public long del(List<String> keys) {
            return now(glide.del(keys.toArray(String[]::new)));
        }

        @Override
        public long incr(String key) {
            return now(glide.incr(key));
        }

        @Override
        public Map<String, String> hash(String key, Map<String, String> fields) {
            now(glide.hset(key, fields));
            return now(glide.hgetall(key));
        }

        @Override
        public List<String> list(String key, List<String> elements) {
            now(glide.rpush(key, elements.toArray(String[]::new)));
            return List.of(now(glide.lrange(key, 0, -1)));
        }

        @Override
        public Map<String, Double> sortedSet(String key, Map<String, Double> members) {
            now(glide.zadd(key, members));
            return now(glide.zrangeWithScores(key, new RangeByIndex(0, -1)));
        }

        @Override
        public List<String> pipeline(Map<String, String> values) {
            var sets = new Batch(false);
            values.forEach(sets::set);
            now(glide.exec(sets, true));
            var gets = new Batch(false);
            values.keySet().forEach(gets::get);
            return Arrays.stream(now(glide.exec(gets, true))).map(String.class::cast).toList();
        }

        @Override
        public List<?> transaction(String key) {
            return List.of(now(glide.exec(new Batch(true).incr(key).incr(key), true)));
        }

        @Override
        public long script(String script, String key, String argument) {
            try (var loaded = new Script(script, false)) {
                var options = ScriptOptions.builder().key(key).arg(argument).build();
                return (long) now(glide.invokeScript(loaded, options));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Set<String> scan() {
            var keys = new HashSet<String>();
            String cursor = "0";
            do {
                Object[] page = now(glide.scan(cursor));
                cursor = (String) page[0];
                for (Object key : (Object[]) page[1]) {
                    keys.add((String) key);
                }
            } while (!cursor.equals("0"));
            return keys;
        }

        @Override
        public String pop(String key) {
            return now(glide.blpop(new String[] {key}, 5))[1];
        }

        @Override
        public AutoCloseable subscribe(String channel, String pattern, Consumer<String> heard) {
            var subscriptions = StandaloneSubscriptionConfiguration.builder()
                    .subscription(PubSubChannelMode.EXACT, gs(channel))
                    .subscription(PubSubChannelMode.PATTERN, gs(pattern))
                    .callback((message, context) -> heard.accept(message.getChannel() + "=" + message.getMessage()))
                    .build();
            return now(GlideClient.createClient(settings(port).subscriptionConfiguration(subscriptions).build()));
        }

        @Override
        public void publish(String channel, String message) {
            now(glide.publish(message, channel));
        }

        @Override
        public String name() {
            return now(glide.clientGetName());
        }

        @Override
        public String description() {
            return now(glide.customCommand(new String[] {"CLIENT", "INFO"})).toString();
        }

        @Override
        public void close() {
            try {
                glide.close();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
