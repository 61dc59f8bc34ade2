package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;

/// DEL, UNLINK, TOUCH, EXISTS: the sum of the integers.
final class SumGather extends RedisGather {
    private long sum;

    @Override
    boolean accept(int part, Frame response) {
        long number = FramedReply.number(response, ':');
        sum += number;
        return number >= 0;
    }

    @Override
    long joinedLength() {
        return NumberLine.integer(sum).length;
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(NumberLine.integer(sum));
    }

    @Override
    public void release() {
        super.release();
        sum = 0;
    }
}
