package io.cashew.client;

import io.cashew.protocol.Gather;
import io.cashew.transport.Broadcast;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import io.cashew.transport.Shelf;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;

/// What one client is owed, in order.
///
/// Requests are numbered as they come. A reply whose turn it is goes straight to the outlet; one that is early is parked
/// under its number until those before it have arrived. With one server, or without pipelining, nothing is ever parked.
final class ReplyQueue {
    private static final int FIRST = 16;

    private final IoLoop loop;
    private final Outlet outlet;
    private final Shelf shelf;
    /// Number of the next request; numbers wrap around.
    private int next;
    /// Number of the request whose reply is next in turn.
    private int head;
    /// Whether the outlet has got the beginning of that reply, up to the end of its value.
    private boolean begun;
    private boolean silent;
    private int parked;
    private long parkedBytes;
    private int[] shelfPosition = {};
    private int[] shelfLength = {};
    /// Parked replies that are not on the shelf: `byte[]` that are shared, or `ByteBuf` that are ours.
    private Object[] apart = {};
    /// Messages that came in the middle of a reply; seldom any.
    private ArrayDeque<ByteBuf> held;

    ReplyQueue(IoLoop loop, Outlet outlet) {
        this.loop = loop;
        this.outlet = outlet;
        this.shelf = new Shelf(loop);
    }

    /// The number of a new request.
    int open() {
        return next++;
    }

    /// Whether there is no newer request than `number`.
    boolean isLast(int number) {
        return number == next - 1;
    }

    /// Whether replies are dropped from now on. Nothing must be unanswered when that changes.
    void silent(boolean silent) {
        this.silent = silent;
    }

    boolean silent() {
        return silent;
    }

    /// Requests that have not been answered to the client, answered ones that wait for their turn included.
    int unanswered() {
        return next - head;
    }

    /// Whether the reply to request `number` may go to the outlet as it arrives, because it is next in turn. From then on the
    /// outlet belongs to it, until it is complete. One that is dropped may go anywhere.
    boolean begin(int number) {
        if (silent) {
            return true;
        }
        if (number == head) {
            begun = true;
        }
        return number == head;
    }

    /// Whether a part of the reply to request `number` has been sent.
    boolean hasBegun(int number) {
        return begun && number == head;
    }

    void complete(int number, Frame reply) {
        if (silent) {
            head++;
        } else if (hasBegun(number)) {
            outlet.writeEnd(reply);
            begun = false;
            if (held != null) {
                writeHeld();
            }
            advance();
        } else if (number == head) {
            outlet.write(reply);
            advance();
        } else {
            int slot = park(number);
            int at = shelf.put(reply);
            if (at == Shelf.FULL) {
                apart[slot] = reply.take();
                parkedBytes += reply.length();
            } else {
                shelfPosition[slot] = at;
                shelfLength[slot] = reply.length();
            }
        }
    }

    /// `reply` may be shared; it is not changed.
    void complete(int number, byte[] reply) {
        if (silent) {
            head++;
        } else if (number == head) {
            outlet.write(reply);
            advance();
        } else {
            // First the slot: parking may replace the array.
            int slot = park(number);
            apart[slot] = reply;
            parkedBytes += reply.length;
        }
    }

    /// The reply to request `number`, the only one that is unanswered, is `messages`, which are not dropped.
    void tell(int number, byte[] messages) {
        boolean dropped = silent;
        silent = false;
        complete(number, messages);
        silent = dropped;
    }

    /// The reply is what `gather` joins, which it does at once: in a buffer of its own if it is not the reply's turn.
    void complete(int number, Gather gather) {
        if (silent) {
            gather.release();
            head++;
        } else if (number == head) {
            gather.join(outlet);
            advance();
        } else {
            ByteBuf reply = joined(gather);
            // First the slot: parking may replace the array.
            int slot = park(number);
            apart[slot] = reply;
            parkedBytes += reply.readableBytes();
        }
    }

    /// Writes what is no reply, with `mark` as its first byte: at once, or behind the reply of which a part has been written.
    void push(Broadcast message, byte mark) {
        if (!begun) {
            message.writeTo(outlet, mark);
            return;
        }
        if (held == null) {
            held = new ArrayDeque<>();
        }
        ByteBuf copy = message.copy(mark);
        held.addLast(copy);
        parkedBytes += copy.readableBytes();
    }

    private void writeHeld() {
        for (ByteBuf message : held) {
            parkedBytes -= message.readableBytes();
            outlet.writeAndRelease(message);
        }
        held = null;
    }

    private ByteBuf joined(Gather gather) {
        int length = (int) gather.length();
        ByteBuf reply = loop.allocate(length);
        MemorySegment memory = MemorySegment.ofBuffer(reply.nioBuffer(0, length));
        gather.join((source, offset, size) -> {
            MemorySegment.copy(source, offset, memory, reply.writerIndex(), size);
            reply.writerIndex(reply.writerIndex() + size);
        });
        return reply;
    }

    /// Bytes of replies and messages that wait for their turn, but for the short replies on the shelf.
    long parkedBytes() {
        return parkedBytes;
    }

    /// Lets go of all parked replies and messages.
    void close() {
        for (Object reply : apart) {
            if (reply instanceof ByteBuf buffer) {
                buffer.release();
            }
        }
        apart = new Object[0];
        if (held != null) {
            held.forEach(ByteBuf::release);
            held = null;
        }
        shelf.clear();
        parked = 0;
        parkedBytes = 0;
    }

    private void advance() {
        head++;
        while (parked > 0) {
            int slot = head & (apart.length - 1);
            if (shelfLength[slot] > 0) {
                shelf.take(shelfPosition[slot], shelfLength[slot], outlet);
                shelfLength[slot] = 0;
            } else if (apart[slot] instanceof byte[] reply) {
                parkedBytes -= reply.length;
                outlet.write(reply);
            } else if (apart[slot] instanceof ByteBuf reply) {
                parkedBytes -= reply.readableBytes();
                outlet.writeAndRelease(reply);
            } else {
                return;
            }
            apart[slot] = null;
            parked--;
            head++;
        }
    }

    /// A free slot for the reply to request `number`.
    private int park(int number) {
        if (apart.length < unanswered()) {
            grow();
        }
        parked++;
        return number & (apart.length - 1);
    }

    private void grow() {
        int size = Math.max(FIRST, Integer.highestOneBit(unanswered() * 2 - 1));
        int[] positions = new int[size];
        int[] lengths = new int[size];
        Object[] others = new Object[size];
        for (int number = head; number != head + apart.length; number++) {
            int from = number & (apart.length - 1);
            int to = number & (size - 1);
            positions[to] = shelfPosition[from];
            lengths[to] = shelfLength[from];
            others[to] = apart[from];
        }
        shelfPosition = positions;
        shelfLength = lengths;
        apart = others;
    }

    @Override
    public String toString() {
        return "ReplyQueue[" + head + ".." + next + ", parked " + parked + " " + Arrays.toString(apart) + "]";
    }
}
