package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Remedy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The libraries of functions that have been loaded on a pool's servers, for those that come later. They are data of the servers,
/// which save them, and their names say nothing about what is in them: so a server gets them once, when it misses a function, and
/// only if it was none of the pool's when they were loaded. Of more than so many, or so many bytes, the oldest are forgotten.
///
/// Thread-safe: one for all workers of a pool.
public final class Libraries {
    private static final int MOST = 128;
    private static final long MOST_BYTES = 1024 * 1024;

    /// @param loading the request that loads it, unless there is one of that name
    /// @param servers the ring names of those that have been given it
    private record Library(byte[] loading, Set<String> servers) {}

    private final int most;
    private final long mostBytes;
    /// By name, oldest first.
    private final Map<String, Library> libraries = new LinkedHashMap<>();
    private long bytes;
    private volatile boolean empty = true;

    /// As many as a pool remembers.
    public Libraries() {
        this(MOST, MOST_BYTES);
    }

    Libraries(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /// `servers` have loaded the library whose source is `source`, and `reply`, `$4 CRLF name CRLF`, is its name.
    synchronized void loaded(byte[] source, byte[] reply, Set<String> servers) {
        String name = name(reply);
        forget(name);
        byte[] loading = request(source);
        if (loading.length <= mostBytes) {
            libraries.put(name, new Library(loading, new HashSet<>(servers)));
            bytes += loading.length;
        }
        Iterator<Library> oldest = libraries.values().iterator();
        while (libraries.size() > most || bytes > mostBytes) {
            bytes -= oldest.next().loading.length;
            oldest.remove();
        }
        empty = libraries.isEmpty();
    }

    synchronized void forget(String name) {
        Library forgotten = libraries.remove(name);
        bytes -= forgotten == null ? 0 : forgotten.loading.length;
        empty = libraries.isEmpty();
    }

    synchronized void forgetAll() {
        libraries.clear();
        bytes = 0;
        empty = true;
    }

    /// What helps a server that misses a function; null if nothing can.
    Remedy remedy() {
        return empty ? null : this::missedAt;
    }

    private synchronized List<byte[]> missedAt(String server) {
        List<byte[]> missed = new ArrayList<>();
        for (Library library : libraries.values()) {
            if (library.servers.add(server)) {
                missed.add(library.loading);
            }
        }
        return missed;
    }

    private static String name(byte[] reply) {
        String text = new String(reply, ISO_8859_1);
        return text.substring(text.indexOf('\n') + 1, text.length() - 2);
    }

    private static byte[] request(byte[] source) {
        return new ReplyBuilder(Dialect.RESP2).array(3).string("FUNCTION").string("LOAD").string(source).bytes();
    }
}
