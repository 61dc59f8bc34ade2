package io.cashew.routing;

import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Where a request goes. A worker has one and reuses it: the common answer, one server, is an index and no object.
public final class Route {
    /// What [Router#route(Request, Route)] answers instead of a server's index.
    public static final int SCATTER = -1;

    /// The request goes to each of [#servers()].
    public static final int EACH = -2;
    public static final int SEVERAL_SERVERS = -3;
    public static final int NO_LIVE_SERVER = -4;
    /// The request, or a part of it, belongs to a server that is out and whose keys nobody else gets.
    public static final int EJECTED_SERVER = -5;

    public static final int KEY_TOO_LONG = -6;

    /// A key is copied to be hashed; nobody has keys of this size, except to make us copy.
    static final int MAX_KEY = 16 * 1024 * 1024;

    private static final int KEPT = 64 * 1024;
    private static final int MOST_PER_KEY = 128;

    private byte[] copy = new byte[256];
    private int[] serverOfKey = new int[16];
    private int[] servers = {};

    /// For [#EACH]: the servers, which must not be changed.
    public int[] servers() {
        return servers;
    }

    int each(int... servers) {
        this.servers = servers;
        return EACH;
    }

    /// For [#SCATTER]: the server of each key of the request, in the order of the keys. Longer than there are keys.
    public int[] serverOfKey() {
        return serverOfKey;
    }

    void expect(int keys) {
        if (serverOfKey.length < keys) {
            serverOfKey = new int[Integer.highestOneBit(keys) * 2];
        } else if (serverOfKey.length > 65_536 && keys < 1024) {
            serverOfKey = new int[1024];
        }
    }

    /// A copy of `request` on the heap, where hash functions want its keys; valid until the next copy. Null if keys are not
    /// the most of it, or if it is too large: then they are better copied one by one.
    byte[] copy(Request request) {
        int length = request.length();
        if (length > KEPT || length > request.keyCount() * MOST_PER_KEY) {
            return null;
        }
        return copy(request, 0, length);
    }

    /// Key number `number` of `request` on the heap; valid until the next copy.
    byte[] copyKey(Request request, int number) {
        int word = request.keyWord(number);
        return copy(request, request.wordOffset(word), request.wordLength(word));
    }

    private byte[] copy(Request request, int offset, int length) {
        if (copy.length < length || copy.length > KEPT && length < 1024) {
            copy = new byte[Math.max(256, length)];
        }
        MemorySegment.copy(request.bytes(), ValueLayout.JAVA_BYTE, request.start() + offset, copy, 0, length);
        return copy;
    }
}
