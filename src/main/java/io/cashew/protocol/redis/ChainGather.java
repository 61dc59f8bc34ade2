package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;

/// KEYS: the elements of all arrays in one, in the order of the servers. XREAD: the same in the order of the keys; where a
/// server speaks RESP3 they are maps, and where there is nothing, null. Together they are as long as one reply may be.
final class ChainGather extends RedisGather {
    private final int max;
    private final ByteBuf[] elements;
    private byte type = '*';
    private byte[] nothing;
    private long count;
    private long length;

    ChainGather(int parts, int max) {
        this.max = max;
        this.elements = new ByteBuf[parts];
    }

    @Override
    boolean accept(int part, Frame response) {
        byte first = response.byteAt(0);
        if (first == '_' || response.byteAt(1) == '-') {
            nothing = FramedReply.bytesOf(response);
            return first == '_' || first == '*';
        }
        long number = FramedReply.number(response, (char) first);
        if (number < 0 || first != '*' && first != '%') {
            return false;
        }
        type = first;
        int head = FramedReply.behindLine(response, 0);
        count += number;
        length += response.length() - head;
        if (length <= max) {
            elements[part] = response.take().skipBytes(head);
        }
        return true;
    }

    @Override
    long joinedLength() {
        return length <= max ? head().length + length : Long.MAX_VALUE;
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(head());
        for (ByteBuf part : elements) {
            if (part != null) {
                out.writeAndRelease(part.retain());
            }
        }
    }

    private byte[] head() {
        if (count == 0 && nothing != null) {
            return nothing;
        }
        return type == '*' ? NumberLine.array((int) count) : NumberLine.map((int) count);
    }

    @Override
    public void release() {
        super.release();
        for (int part = 0; part < elements.length; part++) {
            if (elements[part] != null) {
                elements[part].release();
                elements[part] = null;
            }
        }
    }
}
