package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;

/// LATENCY LATEST: each event of the servers once, as it was where it happened last, with the largest latency of all; what newer
/// servers tell beside that is added up.
///
/// ```
///   *1  *4 $7 command :1700000000 :12 :250      what, when, how long then, how long at most
/// ```
final class EventsGather extends RedisGather {
    private static final int WHEN = 0;
    private static final int LATEST = 1;
    private static final int MOST = 2;

    private final Map<String, long[]> events = new LinkedHashMap<>();

    @Override
    boolean accept(int part, Frame response) {
        ByteBuf reply = response.take();
        try {
            var reader = new ReplyReader(reply);
            for (int left = reader.elements(); left > 0; left--) {
                int fields = reader.elements() - 1;
                String event = reader.string();
                if (!reader.sound() || event == null || fields <= MOST) {
                    return false;
                }
                long[] figures = new long[fields];
                for (int field = 0; field < fields; field++) {
                    figures[field] = reader.integer();
                }
                events.merge(event, figures, EventsGather::together);
            }
            return reader.sound() && reader.type() == 0;
        } finally {
            reply.release();
        }
    }

    private static long[] together(long[] one, long[] other) {
        boolean later = other[WHEN] > one[WHEN];
        long[] both = new long[Math.min(one.length, other.length)];
        for (int field = MOST + 1; field < both.length; field++) {
            both[field] = one[field] + other[field];
        }
        both[WHEN] = later ? other[WHEN] : one[WHEN];
        both[LATEST] = later ? other[LATEST] : one[LATEST];
        both[MOST] = Math.max(one[MOST], other[MOST]);
        return both;
    }

    @Override
    long joinedLength() {
        return joined().length;
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(joined());
    }

    /// The same in both dialects.
    private byte[] joined() {
        var reply = new ReplyBuilder(Dialect.RESP2).array(events.size());
        events.forEach((event, figures) -> {
            reply.array(1 + figures.length).string(event);
            for (long figure : figures) {
                reply.integer(figure);
            }
        });
        return reply.bytes();
    }
}
