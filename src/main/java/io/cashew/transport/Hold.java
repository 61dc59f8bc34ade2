package io.cashew.transport;

/// Whether requests wait for a further iteration of the loop before they leave for their servers.
///
/// A proxy that has a core to itself is quick to answer, so it wakes often, for little each time, and hands the servers small
/// batches; every batch costs it a system call, and them another one and being woken. So while requests keep coming, those that
/// are here wait for what the next iteration brings: some microseconds, in which the loop looks at its sockets and does not
/// sleep. A single request never waits, nor does a batch for which nothing more comes.
///
/// Gains, as processor time per request: 4 % to 9 % on a core of its own, 9 % to 16 % with all processes on two free cores,
/// none and no loss when servers and clients share its core.
final class Hold {
    /// Further iterations; eight were no better.
    private static final int MOST = 4;
    /// Requests in one iteration that make it a busy one.
    private static final int BUSY = 2;

    private int requests;
    private int iterations;

    /// A request is to leave.
    void request() {
        requests++;
    }

    /// Asked at the end of each iteration while there are requests: whether they wait for another one.
    boolean holds() {
        boolean holds = iterations < MOST && requests >= (iterations == 0 ? BUSY : 1);
        iterations = holds ? iterations + 1 : 0;
        requests = 0;
        return holds;
    }
}
