package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/// PUBSUB CHANNELS: the elements of all arrays, each once. Together they are as long as one reply may be.
final class EachOnceGather extends RedisGather {
    private final int max;
    private final Set<String> elements = new LinkedHashSet<>();
    private long length;

    EachOnceGather(int max) {
        this.max = max;
    }

    @Override
    boolean accept(int part, Frame response) {
        long number = FramedReply.number(response, '*');
        int at = FramedReply.behindLine(response, 0);
        for (long element = 0; element < number; element++) {
            int end = FramedReply.behindBulk(response, at);
            if (end < 0) {
                return false;
            }
            if (length <= max && elements.add(FramedReply.text(response, at, end))) {
                length += end - at;
            }
            at = end;
        }
        return number >= 0;
    }

    @Override
    long joinedLength() {
        return length <= max ? head().length + length : Long.MAX_VALUE;
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(head());
        elements.forEach(element -> out.write(element.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private byte[] head() {
        return NumberLine.array(elements.size());
    }
}
