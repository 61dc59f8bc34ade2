package io.cashew.protocol.redis;

import io.cashew.protocol.Gather;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Joins the replies to the parts of MGET, MSET, DEL and their like as one server would have answered.
///
/// When a server answers its part with an error, that error is the answer to the whole: the first one in the pool's server
/// order. (twemproxy says `-ERR Invalid argument` whatever the server said.)
abstract sealed class RedisGather implements Gather
        permits AgreedGather, ChainGather, ComputedGather, DrawnGather, EachOnceGather, EventsGather, HistogramsGather,
                LeastGather, MostGather, OkGather, PageGather, SumGather, ValuesGather {
    private static final byte[] STRANGE =
            "-ERR a server answered a part of this command with an unexpected reply\r\n".getBytes(StandardCharsets.US_ASCII);

    private ByteBuf error;
    private int errorPart;
    private boolean strange;

    @Override
    public final void part(int part, Frame response) {
        byte type = response.byteAt(0);
        if (type != '-' && type != '!') {
            strange |= !accept(part, response);
        } else if (error == null || part < errorPart) {
            dropError();
            error = response.take();
            errorPart = part;
        }
    }

    @Override
    public final long length() {
        if (error != null) {
            return error.readableBytes();
        }
        return strange ? STRANGE.length : joinedLength();
    }

    @Override
    public final void join(ByteSink out) {
        try {
            if (error != null) {
                out.writeAndRelease(error.retain());
            } else if (strange) {
                out.write(STRANGE);
            } else {
                joinParts(out);
            }
        } finally {
            release();
        }
    }

    @Override
    public void release() {
        dropError();
        strange = false;
    }

    /// Takes note of the reply to part `part`; false if no such reply was expected.
    abstract boolean accept(int part, Frame response);

    abstract long joinedLength();

    abstract void joinParts(ByteSink out);

    private void dropError() {
        if (error != null) {
            error.release();
            error = null;
        }
    }
}
