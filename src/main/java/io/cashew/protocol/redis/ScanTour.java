package io.cashew.protocol.redis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/// The way of SCAN through the servers of a pool, one after the other, and the cursors that say how far it has come. Nothing
/// is remembered of a scan; whatever has to be known is in the cursor that the client brings back.
///
/// ```
///   bit 63      52          32                  0
///        │  0   │  place    │  server's cursor  │
/// ```
///
/// A server's *place* comes from its name, so a cursor is good for a pool to which servers have been added or from which
/// some have gone: whose server is not there goes on with the next place. The cursors of a pool with one server are that
/// server's own; as such they have place 0, with which a pool that has grown starts at its first server.
///
/// A cursor is below 2^53, because some libraries keep it as a floating-point number (node-redis 4) or as a signed one.
/// Redis's own are below the size of its table of keys, for which 33 bits are enough.
final class ScanTour {
    private static final int OWN_BITS = 33;
    /// What a server's own cursor must be below.
    private static final long OWN_MAX = 1L << OWN_BITS;

    private static final int PLACES = 1 << 20;
    private static final int NOWHERE = -1;
    /// Of a number of 64 bits.
    private static final int MOST_DIGITS = 20;

    private final int[] placeOfServer;
    /// Servers in the order of their places.
    private final int[] order;

    /// `names` are those of the servers, in the pool's order.
    ScanTour(List<String> names) {
        placeOfServer = new int[names.size()];
        var taken = new BitSet();
        for (int server = 0; server < placeOfServer.length; server++) {
            int place = placeOf(names.get(server));
            while (taken.get(place)) {
                place = place % (PLACES - 1) + 1;
            }
            taken.set(place);
            placeOfServer[server] = place;
        }
        order = IntStream.range(0, placeOfServer.length)
                .boxed()
                .sorted(Comparator.comparingInt(server -> placeOfServer[server]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int placeOf(String name) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % (PLACES - 1)) + 1;
    }

    /// The cursor that `text` says, as a number without sign; empty if it says none.
    static OptionalLong read(byte[] text) {
        boolean digits = text.length > 0 && text.length <= MOST_DIGITS;
        for (byte b : text) {
            digits &= b >= '0' && b <= '9';
        }
        if (!digits) {
            return OptionalLong.empty();
        }
        var number = new BigInteger(new String(text, StandardCharsets.US_ASCII));
        return number.bitLength() > Long.SIZE ? OptionalLong.empty() : OptionalLong.of(number.longValue());
    }

    /// The server where a scan goes on that has come to `cursor`, none of `skipped`; -1 if it is at its end.
    int server(long cursor, BitSet skipped) {
        if (isOwn(cursor) && order.length == 1) {
            return skipped.get(0) ? NOWHERE : 0;
        }
        long place = isOwn(cursor) ? 0 : place(cursor);
        return Arrays.stream(order)
                .filter(server -> placeOfServer[server] >= place && !skipped.get(server))
                .findFirst()
                .orElse(NOWHERE);
    }

    /// What `server` is to hear in place of `cursor`.
    long ownCursor(long cursor, int server) {
        if (isOwn(cursor)) {
            return order.length == 1 ? cursor : 0;
        }
        return place(cursor) == placeOfServer[server] ? cursor & OWN_MAX - 1 : 0;
    }

    /// What a client is to hear when `server` has said `own`; empty if that is too large.
    OptionalLong nextCursor(int server, long own) {
        if (order.length == 1) {
            return OptionalLong.of(own);
        }
        if (own < 0 || own >= OWN_MAX) {
            return OptionalLong.empty();
        }
        if (own > 0) {
            return OptionalLong.of(cursor(server, own));
        }
        int next = rank(server) + 1;
        return OptionalLong.of(next == order.length ? 0 : cursor(order[next], 0));
    }

    private int rank(int server) {
        int rank = 0;
        while (order[rank] != server) {
            rank++;
        }
        return rank;
    }

    private long cursor(int server, long own) {
        return placeOfServer[server] * OWN_MAX + own;
    }

    private static boolean isOwn(long cursor) {
        long place = place(cursor);
        return place == 0 || place >= PLACES;
    }

    private static long place(long cursor) {
        return cursor >>> OWN_BITS;
    }
}
