package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.ValueLayout;

/// SCAN: the page of one server, with a cursor of the pool in place of the server's.
final class PageGather extends RedisGather {
    private static final byte[] TOO_LARGE = ReplyBuilder.error("ERR the server's cursor is too large to carry the server's"
            + " place; scan the servers one by one");

    private final ScanTour tour;
    private final int server;
    private byte[] head;
    private ByteBuf page;

    PageGather(ScanTour tour, int server) {
        this.tour = tour;
        this.server = server;
    }

    /// `*2 CRLF $1 CRLF 5 CRLF`, and the array of keys.
    @Override
    boolean accept(int part, Frame response) {
        int cursor = FramedReply.behindLine(response, FramedReply.behindLine(response, 0));
        int keys = FramedReply.behindLine(response, cursor);
        if (keys == response.length() || response.byteAt(0) != '*' || response.byteAt(1) != '2' || response.byteAt(4) != '$') {
            return false;
        }
        var own = ScanTour.read(
                response.bytes().asSlice(response.start() + cursor, keys - 2 - cursor).toArray(ValueLayout.JAVA_BYTE));
        if (own.isEmpty()) {
            return false;
        }
        var next = tour.nextCursor(server, own.getAsLong());
        if (next.isPresent()) {
            // Alike in both dialects, as the keys are.
            head = new ReplyBuilder(Dialect.RESP2).array(2).string(Long.toUnsignedString(next.getAsLong())).bytes();
            page = response.take().skipBytes(keys);
        }
        return true;
    }

    @Override
    long joinedLength() {
        return head == null ? TOO_LARGE.length : head.length + page.readableBytes();
    }

    @Override
    void joinParts(ByteSink out) {
        if (head == null) {
            out.write(TOO_LARGE);
        } else {
            out.write(head);
            out.writeAndRelease(page.retain());
        }
    }

    @Override
    public void release() {
        super.release();
        if (page != null) {
            page.release();
            page = null;
        }
    }
}
