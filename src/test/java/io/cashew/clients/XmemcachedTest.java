package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.rubyeye.xmemcached.transcoders.SerializingTranscoder;
import org.junit.jupiter.api.Test;

/// XMemcached with its one connection, over the text protocol, as its own introduction begins.
class XmemcachedTest extends MemcacheClientSuite {
    /// It refuses values above 1 MiB by itself unless it is told otherwise; here the pool is to.
    private static final int LARGER_THAN_THE_POOL_TAKES = 2 * 1024 * 1024;

    XmemcachedTest() {
        super("net.rubyeye");
    }

    @Override
    MemcacheLibraryClient connect(int port) {
        return new Client(open(port));
    }

    @Test
    void doesNotWaitForWhatItDoesNotWantToHear() throws Exception {
        var client = open(stage().port());
        try {
            client.setWithNoReply("k", 0, "v");
            client.addWithNoReply("k", 0, "x");
            client.appendWithNoReply("k", "w");
            client.setWithNoReply("n", 0, "1");
            client.incrWithNoReply("n", 2);
            client.decrWithNoReply("n", 1);
            client.setWithNoReply("gone", 0, "v");
            client.deleteWithNoReply("gone");

            assertThat((Object) client.get("k")).isEqualTo("vw");
            assertThat((Object) client.get("n")).isEqualTo("2");
            assertThat((Object) client.get("gone")).isNull();
            client.flushAllWithNoReply();
            assertThat((Object) client.get("k")).isNull();
        } finally {
            client.shutdown();
        }
    }

    /// Other libraries connect anew behind every error.
    @Test
    void itsConnectionOutlivesAnError() throws Exception {
        var client = open(stage().port());
        try {
            client.set("word", 0, "word");
            long accepted = stage().accepted();

            assertThatThrownBy(() -> client.incr("word", 1)).hasMessageContaining("non-numeric");

            assertThat((Object) client.get("word")).isEqualTo("word");
            assertThat(stage().accepted() - accepted).as("new connections besides the one that asks").isEqualTo(1);
        } finally {
            client.shutdown();
        }
    }

    private static XMemcachedClient open(int port) {
        try {
            var client = new XMemcachedClient("127.0.0.1", port);
            client.setTranscoder(new SerializingTranscoder(LARGER_THAN_THE_POOL_TAKES));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws MemcachedException, InterruptedException, TimeoutException;
    }

    private static <T> T answer(Question<T> question) {
        try {
            return question.ask();
        } catch (MemcachedException | InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private record Client(XMemcachedClient memcached) implements MemcacheLibraryClient {
        @Override
        public boolean set(String key, int seconds, byte[] value) {
            return answer(() -> memcached.set(key, seconds, value));
        }

        @Override
        public boolean add(String key, byte[] value) {
            return answer(() -> memcached.add(key, 0, value));
        }

        @Override
        public boolean replace(String key, byte[] value) {
            return answer(() -> memcached.replace(key, 0, value));
        }

        @Override
        public boolean append(String key, byte[] more) {
            return answer(() -> memcached.append(key, more));
        }

        @Override
        public boolean prepend(String key, byte[] more) {
            return answer(() -> memcached.prepend(key, more));
        }

        @Override
        public byte[] get(String key) {
            return answer(() -> memcached.<byte[]>get(key));
        }

        @Override
        public Map<String, byte[]> getMany(Collection<String> keys) {
            return answer(() -> memcached.<byte[]>get(keys));
        }

        @Override
        public long unique(String key) {
            return answer(() -> memcached.gets(key)).getCas();
        }

        @Override
        public boolean cas(String key, long unique, byte[] value) {
            return answer(() -> memcached.cas(key, 0, value, unique));
        }

        @Override
        public boolean delete(String key) {
            return answer(() -> memcached.delete(key));
        }

        @Override
        public long incr(String key, long by) {
            return answer(() -> memcached.incr(key, by));
        }

        @Override
        public long decr(String key, long by) {
            return answer(() -> memcached.decr(key, by));
        }

        @Override
        public boolean touch(String key, int seconds) {
            return answer(() -> memcached.touch(key, seconds));
        }

        @Override
        public void flushAll() {
            answer(() -> {
                memcached.flushAll();
                return null;
            });
        }

        @Override
        public String version() {
            return answer(memcached::getVersions).values().iterator().next();
        }

        @Override
        public Map<String, String> statistics() {
            return answer(memcached::getStats).values().iterator().next();
        }

        @Override
        public void close() {
            try {
                memcached.shutdown();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
