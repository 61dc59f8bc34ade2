package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/// RANDOMKEY: one of the servers' keys, each server's as likely as it has keys. A server answers with their number first.
final class DrawnGather extends RedisGather {
    private final long[] keys;
    private final RandomGenerator random;
    private long keysSoFar;
    private ByteBuf drawn;
    private byte[] nothing;

    DrawnGather(int servers, RandomGenerator random) {
        this.keys = new long[servers];
        this.random = random;
    }

    @Override
    boolean accept(int part, Frame response) {
        if (part < keys.length) {
            keys[part] = FramedReply.number(response, ':');
            return keys[part] >= 0;
        }
        if (response.byteAt(1) == '-' || response.byteAt(0) == '_') {
            // Empty, or what is counted has expired.
            nothing = FramedReply.bytesOf(response);
            return true;
        }
        // Should the number of keys be of a moment before the first one, there is this one all the same.
        long here = Math.max(1, keys[part - keys.length]);
        keysSoFar += here;
        if (random.nextLong(keysSoFar) < here) {
            dropDrawn();
            drawn = response.take();
        }
        return response.byteAt(0) == '$';
    }

    @Override
    long joinedLength() {
        return drawn == null ? nothing.length : drawn.readableBytes();
    }

    @Override
    void joinParts(ByteSink out) {
        if (drawn == null) {
            out.write(nothing);
        } else {
            out.writeAndRelease(drawn.retain());
        }
    }

    @Override
    public void release() {
        super.release();
        dropDrawn();
    }

    private void dropDrawn() {
        if (drawn != null) {
            drawn.release();
            drawn = null;
        }
    }
}
