package io.cashew.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import net.spy.memcached.CASResponse;
import net.spy.memcached.MemcachedClient;
import org.awaitility.Awaitility;

/// spymemcached with its one connection, over the text protocol, as its own introduction begins.
class SpymemcachedTest extends MemcacheClientSuite {
    static {
        // It prints to standard error unless it is told where to log.
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
    }

    SpymemcachedTest() {
        super("net.spy");
    }

    @Override
    MemcacheLibraryClient connect(int port) {
        return new Client(open(port));
    }

    private static MemcachedClient open(int port) {
        try {
            var client = new MemcachedClient(new InetSocketAddress("127.0.0.1", port));
            // It connects in the background, and warns of requests that come before it has.
            Awaitility.await().until(() -> !client.getAvailableServers().isEmpty());
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private record Client(MemcachedClient spy) implements MemcacheLibraryClient {
        @Override
        public boolean set(String key, int seconds, byte[] value) {
            return done(spy.set(key, seconds, value));
        }

        @Override
        public boolean add(String key, byte[] value) {
            return done(spy.add(key, 0, value));
        }

        @Override
        public boolean replace(String key, byte[] value) {
            return done(spy.replace(key, 0, value));
        }

        @Override
        public boolean append(String key, byte[] more) {
            return done(spy.append(key, more));
        }

        @Override
        public boolean prepend(String key, byte[] more) {
            return done(spy.prepend(key, more));
        }

        @Override
        public byte[] get(String key) {
            return bytes(spy.get(key));
        }

        @Override
        public Map<String, byte[]> getMany(Collection<String> keys) {
            return spy.getBulk(keys).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> bytes(entry.getValue())));
        }

        @Override
        public long unique(String key) {
            return spy.gets(key).getCas();
        }

        @Override
        public boolean cas(String key, long unique, byte[] value) {
            return spy.cas(key, unique, value) == CASResponse.OK;
        }

        @Override
        public boolean delete(String key) {
            return done(spy.delete(key));
        }

        @Override
        public long incr(String key, long by) {
            // Without a future it returns -1 for every error.
            var future = spy.asyncIncr(key, by);
            long number = done(future);
            if (!future.getStatus().isSuccess()) {
                throw new IllegalStateException(future.getStatus().getMessage());
            }
            return number;
        }

        @Override
        public long decr(String key, long by) {
            return spy.decr(key, by);
        }

        @Override
        public boolean touch(String key, int seconds) {
            return done(spy.touch(key, seconds));
        }

        @Override
        public void flushAll() {
            done(spy.flush());
        }

        @Override
        public String version() {
            return spy.getVersions().values().iterator().next();
        }

        @Override
        public Map<String, String> statistics() {
            return spy.getStats().values().iterator().next();
        }

        @Override
        public void close() {
            spy.shutdown();
        }

        private static byte[] bytes(Object value) {
            return (byte[]) value;
        }
    }
}
