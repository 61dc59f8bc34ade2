package io.cashew.protocol;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The values of a split request's keys, as they lie scattered over the parts' answers, to be written in the order of the
/// keys. Where each value ends is noted when its part arrives, while the bytes are at hand; joining is copying.
///
/// Reused for one request after the other, and empty in between.
public final class ScatteredValues {
    /// A run of values of this size is handed over in a buffer; below it, a further system call costs more than the copy.
    private static final int HAND_OVER = 32 * 1024;

    /// Small answers are kept in one buffer of at most this size. A buffer for each would cost MGET of ten keys over three
    /// servers a fifth of the time that joining takes.
    private static final int TOGETHER = 8 * 1024;

    private static final int FEW = 16;

    private Split split;
    private long length;
    /// For each slot, where its value ends in the answer of its part.
    private int[] end = new int[FEW];
    private ByteBuf together;
    private MemorySegment togetherBytes;
    /// For each part: its answer, unless that is kept together with others; the memory it is in, and where it begins there;
    /// where in it the next value begins, and the slot of that.
    private ByteBuf[] answers = new ByteBuf[FEW];
    private MemorySegment[] bytes = new MemorySegment[FEW];
    private int[] start = new int[FEW];
    private int[] position = new int[FEW];
    private int[] next = new int[FEW];

    /// The values of the keys of `split` will come.
    public void expect(Split split) {
        this.split = split;
        if (end.length < split.keys()) {
            end = new int[split.room()];
        }
        if (answers.length < split.parts()) {
            answers = new ByteBuf[split.parts()];
            bytes = new MemorySegment[split.parts()];
            start = new int[split.parts()];
            position = new int[split.parts()];
            next = new int[split.parts()];
        }
    }

    /// The value in `slot` ends at `at` in the answer of its part; it begins where the one before it ends.
    public void endsAt(int slot, int at) {
        end[slot] = at;
    }

    /// Keeps the answer of `part`, whose first value begins at `first` and whose last ends where its last slot's does.
    public void keep(int part, Frame answer, int first) {
        int size = end[split.endSlot(part) - 1] - first;
        if (together == null && size > 0 && size <= TOGETHER) {
            // The other parts will be about as large.
            together = PooledByteBufAllocator.DEFAULT.directBuffer((int) Math.min(TOGETHER, size * 5L / 4 * split.parts()));
            togetherBytes = MemorySegment.ofBuffer(together.nioBuffer(0, together.capacity()));
        }
        if (together != null && size <= together.writableBytes()) {
            int at = together.writerIndex();
            MemorySegment.copy(answer.bytes(), answer.start() + first, togetherBytes, at, size);
            together.writerIndex(at + size);
            bytes[part] = togetherBytes;
            start[part] = at - first;
        } else {
            answers[part] = answer.take();
            bytes[part] = MemorySegment.ofBuffer(answers[part].nioBuffer());
            start[part] = 0;
        }
        position[part] = first;
        next[part] = split.firstSlot(part);
        length += size;
    }

    /// Bytes of all values that are kept.
    public long length() {
        return length;
    }

    /// Writes the values of all parts.
    public void write(ByteSink out) {
        int keys = split.keys();
        int key = 0;
        while (key < keys) {
            int part = split.part(key);
            // Neighbours in the request that went to the same server are neighbours in its answer: one copy for all.
            int run = key + 1;
            while (run < keys && split.part(run) == part) {
                run++;
            }
            next[part] += run - key;
            int from = position[part];
            int to = end[next[part] - 1];
            position[part] = to;
            if (to - from < HAND_OVER) {
                if (to > from) {
                    out.write(bytes[part], start[part] + from, to - from);
                }
            } else {
                ByteBuf answer = answers[part];
                out.writeAndRelease(answer.retainedSlice(answer.readerIndex() + from, to - from));
            }
            key = run;
        }
    }

    /// Lets go of all answers.
    public void release() {
        if (split == null) {
            return;
        }
        for (int part = 0; part < split.parts(); part++) {
            if (answers[part] != null) {
                answers[part].release();
            }
        }
        Arrays.fill(answers, 0, split.parts(), null);
        Arrays.fill(bytes, 0, split.parts(), null);
        if (together != null) {
            together.release();
            together = null;
            togetherBytes = null;
        }
        length = 0;
        split = null;
    }
}
