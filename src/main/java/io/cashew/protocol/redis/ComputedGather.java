package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// SINTER, ZUNION, PFCOUNT and their like: what is computed when all parts have answered, if it was not too much to keep.
final class ComputedGather extends RedisGather {
    /// What an element takes beside its bytes while the answer is computed.
    private static final long PER_ELEMENT = 100;

    private final Computation computation;
    private final int limit;
    private final ByteBuf[] parts;
    private long held;
    private int missing;
    private byte[] answer;

    ComputedGather(Computation computation, int parts, int limit) {
        this.computation = computation;
        this.limit = limit;
        this.parts = new ByteBuf[parts];
        this.missing = parts;
    }

    @Override
    boolean accept(int part, Frame response) {
        held += weight(response);
        if (held > limit) {
            refuse();
            return true;
        }
        parts[part] = response.take();
        if (--missing == 0) {
            answer = computation.answer(List.of(parts));
            dropParts();
        }
        return missing > 0 || answer != null;
    }

    @Override
    public boolean wants(int part, Frame begun) {
        boolean headIsThere = begun.byteAt(FramedReply.behindLine(begun, 0) - 1) == '\n';
        if (held + (headIsThere ? weight(begun) : begun.length()) <= limit) {
            return true;
        }
        held = limit + 1L;
        refuse();
        return false;
    }

    private static long weight(Frame response) {
        char type = (char) response.byteAt(0);
        // A string says how long it is, not how many.
        long elements = type == '$' ? 0 : Math.max(0, FramedReply.number(response, type));
        return response.length() + PER_ELEMENT * elements;
    }

    private void refuse() {
        dropParts();
        answer = ReplyBuilder.error("ERR what the servers have of these keys is more than the pool's cross_server_limit of "
                + limit + " bytes; give the keys a common hash tag");
    }

    @Override
    long joinedLength() {
        return answer.length;
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(answer);
    }

    @Override
    public void release() {
        super.release();
        dropParts();
        answer = null;
    }

    private void dropParts() {
        for (int part = 0; part < parts.length; part++) {
            if (parts[part] != null) {
                parts[part].release();
                parts[part] = null;
            }
        }
    }
}
