package io.cashew.server;

import java.util.Arrays;

/// Who is owed what by one server connection, in the order of sending: a ring of (caller, tag, bytes sent, since when).
///
/// Four arrays instead of an object per call; they grow by doubling and stay, so that the steady state allocates nothing.
final class CallQueue {
    private static final int FIRST = 16;

    private Caller[] callers = new Caller[FIRST];
    private int[] tags = new int[FIRST];
    private int[] lengths = new int[FIRST];
    private long[] since = new long[FIRST];
    private int head;
    private int size;

    int size() {
        return size;
    }

    void add(Caller caller, int tag, int length, long now) {
        if (size == callers.length) {
            grow();
        }
        int at = (head + size++) & (callers.length - 1);
        callers[at] = caller;
        tags[at] = tag;
        lengths[at] = length;
        since[at] = now;
    }

    /// Bytes of the calls from `from`, 0 being the oldest, up to `to`. Any thread: the reading may be a moment old, and wrong by
    /// the calls that came and went meanwhile.
    long bytes(int from, int to) {
        int[] now = lengths;
        int first = head;
        long bytes = 0;
        for (int call = from; call < to; call++) {
            bytes += now[(first + call) & (now.length - 1)];
        }
        return bytes;
    }

    /// Since when the oldest call has been waiting. The queue must not be empty.
    long oldest() {
        return since[head];
    }

    Caller headCaller() {
        return callers[head];
    }

    int headTag() {
        return tags[head];
    }

    /// Takes the oldest call out and returns its caller; read [#headTag()] before.
    Caller remove() {
        Caller caller = callers[head];
        callers[head] = null;
        head = (head + 1) & (callers.length - 1);
        size--;
        return caller;
    }

    private void grow() {
        int old = callers.length;
        Caller[] largerCallers = Arrays.copyOf(callers, old * 2);
        int[] largerTags = Arrays.copyOf(tags, old * 2);
        int[] largerLengths = Arrays.copyOf(lengths, old * 2);
        long[] largerSince = Arrays.copyOf(since, old * 2);
        // What had wrapped to the front continues behind the old end.
        System.arraycopy(callers, 0, largerCallers, old, head);
        System.arraycopy(tags, 0, largerTags, old, head);
        System.arraycopy(lengths, 0, largerLengths, old, head);
        System.arraycopy(since, 0, largerSince, old, head);
        Arrays.fill(largerCallers, 0, head, null);
        callers = largerCallers;
        tags = largerTags;
        lengths = largerLengths;
        since = largerSince;
    }
}
