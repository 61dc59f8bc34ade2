package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/// A value that nobody looks into, cut out of its message, in the chunks it was received in. They grow in number with what
/// arrives, are never copied again, and leave as they are.
///
/// One per [Inlet], used again for every such message.
final class Body {
    private final IoLoop loop;
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
    private Chunk last;
    private int lastFilled;
    private int held;
    private int length;
    private int missing;

    Body(IoLoop loop) {
        this.loop = loop;
    }

    /// A value of `length` bytes is to come.
    void expect(int length) {
        this.length = length;
        missing = length;
    }

    /// Length of the whole value, arrived or not.
    int length() {
        return length;
    }

    /// Bytes that are still to come.
    int missing() {
        return missing;
    }

    /// Says that the next `count` bytes went somewhere else.
    void passed(int count) {
        missing -= count;
    }

    /// Takes the next bytes by copying them.
    void append(MemorySegment bytes, long from, int count) {
        for (int done = 0; done < count; ) {
            ByteBuf piece = room();
            int part = Math.min(piece.writableBytes(), count - done);
            MemorySegment.copy(bytes, from + done, last.memory, lastFilled, part);
            piece.writerIndex(lastFilled + part);
            done += filled(part);
        }
    }

    /// A piece with room, to receive into; to be followed by [#received()]. It stays ours.
    ByteBuf room() {
        if (last == null || lastFilled == last.size) {
            last = loop.borrow(missing < Chunk.MEDIUM ? Chunk.MEDIUM : Chunk.LARGE);
            lastFilled = 0;
            held += last.size;
            pieces.addLast(loop.handOver(last, 0, 0));
        }
        return pieces.getLast();
    }

    boolean isRoom(ByteBuf buffer) {
        return buffer == pieces.peekLast();
    }

    /// Takes what has been received into [#room()], and returns how many bytes at its end are not the value's any more.
    int received() {
        int count = pieces.getLast().writerIndex() - lastFilled;
        int excess = Math.max(0, count - missing);
        filled(count - excess);
        pieces.getLast().writerIndex(lastFilled);
        return excess;
    }

    /// What lies behind the value in the last piece, after [#received()].
    MemorySegment excess() {
        return last.memory.asSlice(lastFilled);
    }

    private int filled(int count) {
        lastFilled += count;
        missing -= count;
        return count;
    }

    int heldBytes() {
        return held;
    }

    void writeTo(Outlet out) {
        for (ByteBuf piece : pieces) {
            out.writeAndRelease(piece.retainedDuplicate());
        }
    }

    void addTo(CompositeByteBuf whole) {
        for (ByteBuf piece : pieces) {
            whole.addComponent(true, piece.retainedDuplicate());
        }
    }

    void release() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        last = null;
        lastFilled = 0;
        held = 0;
        length = 0;
        missing = 0;
    }
}
