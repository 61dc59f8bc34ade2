package io.cashew.clients;

import java.util.Collection;
import java.util.Map;

/// A client library of memcached connected to a pool, asked in its own words and with the settings it comes with. What the
/// pool refuses is thrown as the library throws it.
interface MemcacheLibraryClient extends AutoCloseable {
    /// Expiry times are in seconds, 0 for never.
    boolean set(String key, int seconds, byte[] value);

    boolean add(String key, byte[] value);

    boolean replace(String key, byte[] value);

    boolean append(String key, byte[] more);

    boolean prepend(String key, byte[] more);

    /// Null if there is none.
    byte[] get(String key);

    /// What is there, of one request for all of them.
    Map<String, byte[]> getMany(Collection<String> keys);

    /// The number that [#cas] wants to hear.
    long unique(String key);

    boolean cas(String key, long unique, byte[] value);

    boolean delete(String key);

    long incr(String key, long by);

    long decr(String key, long by);

    boolean touch(String key, int seconds);

    void flushAll();

    String version();

    Map<String, String> statistics();

    @Override
    void close();
}
