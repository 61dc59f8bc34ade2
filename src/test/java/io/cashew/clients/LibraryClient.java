package io.cashew.clients;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// A client library connected to a pool, asked in its own words and with the settings it comes with. What the pool refuses
/// is thrown as the library throws it.
interface LibraryClient extends AutoCloseable {
    String ping();

    void set(byte[] key, byte[] value);

    /// Null if there is none.
    byte[] get(byte[] key);

    void mset(Map<String, String> values);

    /// In the order of the keys, null for one that is missing.
    List<String> mget(List<String> keys);

    boolean msetnx(Map<String, String> values);

    long del(List<String> keys);

    long incr(String key);

    /// The fields as they are read back.
    Map<String, String> hash(String key, Map<String, String> fields);

    /// The elements as they are read back.
    List<String> list(String key, List<String> elements);

    /// The members and scores as they are read back.
    Map<String, Double> sortedSet(String key, Map<String, Double> members);

    /// Sets every key to its value and reads all of them, as one pipeline; returns what was read.
    List<String> pipeline(Map<String, String> values);

    /// Increments twice in one transaction and returns what came of it.
    List<?> transaction(String key);

    /// Loads a script, and runs it by its hash, on a key and with an argument.
    long script(String script, String key, String argument);

    /// Goes through all keys.
    Set<String> scan();

    /// Takes the first element of a list, for which it waits five seconds at most.
    String pop(String key);

    /// Subscribes to a channel and a pattern, in a connection for that if need be, and returns when both are confirmed. `heard`
    /// gets every message as `channel=message`, on any thread, until what is returned is closed.
    AutoCloseable subscribe(String channel, String pattern, Consumer<String> heard);

    void publish(String channel, String message);

    /// What the other end thinks this connection is called.
    String name();

    /// What the other end says of this connection: its line of `CLIENT LIST`.
    String description();

    @Override
    void close();
}
