package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Remedy;
import io.cashew.protocol.Request;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/// The scripts that have been loaded on a pool's servers, for those that come later or have been restarted. A script is named by
/// what is in it, so that what is remembered cannot become wrong. Of more than so many, or so many bytes, the oldest are forgotten.
///
/// Thread-safe: one for all workers of a pool.
public final class Scripts {
    private static final int MOST = 1024;
    private static final long MOST_BYTES = 1024 * 1024;
    private static final int DIGEST_LENGTH = 40;

    private final int most;
    private final long mostBytes;
    /// By digest, the request that loads the script.
    private final Map<String, byte[]> loading = new ConcurrentHashMap<>();
    private final Queue<String> oldestFirst = new ArrayDeque<>();
    private long bytes;

    /// As many as a pool remembers.
    public Scripts() {
        this(MOST, MOST_BYTES);
    }

    Scripts(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /// What loads the script that word 1 of `request` names, wherever it is missed; null if it is not known.
    Remedy remedy(Request request) {
        byte[] loading = loading(request);
        return loading == null ? null : _ -> List.of(loading);
    }

    /// The request that loads it.
    byte[] loading(Request request) {
        if (loading.isEmpty() || request.wordLength(1) != DIGEST_LENGTH) {
            return null;
        }
        return loading.get(new String(request.word(1), ISO_8859_1).toLowerCase(Locale.ROOT));
    }

    /// Servers have loaded the script `body`, and `reply`, `$40 CRLF digest CRLF`, is what they call it.
    synchronized void loaded(byte[] body, byte[] reply) {
        if (body.length > mostBytes || reply.length < DIGEST_LENGTH + 2) {
            return;
        }
        String digest = new String(reply, reply.length - DIGEST_LENGTH - 2, DIGEST_LENGTH, ISO_8859_1);
        byte[] request = request(body);
        if (loading.putIfAbsent(digest, request) == null) {
            oldestFirst.add(digest);
            bytes += request.length;
        }
        while (oldestFirst.size() > most || bytes > mostBytes) {
            bytes -= loading.remove(oldestFirst.remove()).length;
        }
    }

    synchronized void forget() {
        loading.clear();
        oldestFirst.clear();
        bytes = 0;
    }

    private static byte[] request(byte[] body) {
        return new ReplyBuilder(Dialect.RESP2).array(3).string("SCRIPT").string("LOAD").string(body).bytes();
    }
}
