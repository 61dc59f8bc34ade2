package io.cashew.transport;

import java.lang.foreign.MemorySegment;

/// Keeps copies of small messages that arrived before their turn, in one chunk borrowed from the loop.
///
/// Space is not reused before the shelf is empty again, which with replies that overtake each other within one iteration
/// it soon is; a full shelf takes nothing more. An empty one holds no memory.
public final class Shelf {
    /// What [#put(Frame)] answers when there is no room.
    public static final int FULL = -1;

    private final IoLoop loop;
    private Chunk chunk;
    private int used;
    private int messages;

    public Shelf(IoLoop loop) {
        this.loop = loop;
    }

    /// Copies `message` and returns where it is kept, or [#FULL].
    public int put(Frame message) {
        int length = message.length();
        if (message.isCut()) {
            return FULL;
        }
        if (chunk == null) {
            if (length > Chunk.MEDIUM) {
                return FULL;
            }
            chunk = loop.borrow(Chunk.MEDIUM);
        } else if (chunk.size - used < length) {
            if (chunk.size == Chunk.LARGE || Chunk.LARGE - used < length) {
                return FULL;
            }
            Chunk larger = loop.borrow(Chunk.LARGE);
            MemorySegment.copy(chunk.memory, 0, larger.memory, 0, used);
            loop.giveBack(chunk);
            chunk = larger;
        }
        int at = used;
        MemorySegment.copy(message.bytes(), message.start(), chunk.memory, at, length);
        used += length;
        messages++;
        return at;
    }

    /// Writes the message of `length` bytes kept at `at` to `out` and forgets it.
    public void take(int at, int length, ByteSink out) {
        out.write(chunk.memory, at, length);
        if (--messages == 0) {
            clear();
        }
    }

    /// Forgets everything.
    public void clear() {
        if (chunk != null) {
            loop.giveBack(chunk);
            chunk = null;
        }
        used = 0;
        messages = 0;
    }
}
