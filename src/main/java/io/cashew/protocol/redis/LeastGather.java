package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;

/// LASTSAVE: the smallest of the integers.
final class LeastGather extends RedisGather {
    private long least = Long.MAX_VALUE;

    @Override
    boolean accept(int part, Frame response) {
        long number = FramedReply.number(response, ':');
        least = Math.min(least, number);
        return number >= 0;
    }

    @Override
    long joinedLength() {
        return NumberLine.integer(least).length;
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(NumberLine.integer(least));
    }
}
