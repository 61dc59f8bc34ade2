package io.cashew.protocol.redis;

import io.cashew.protocol.Inquiries;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What the commands need to know that are about more than one server of a pool.
///
/// @param tour the way of SCAN through the servers
/// @param passedOver from any thread: the servers that have no keys of the pool now, because they are ejected and others
///                   have taken their keys over; not to be changed
/// @param mayFlush whether clients may empty the servers
/// @param crossServerLimit bytes of servers' answers that may be held to compute the answer to one command from; 0 if none
///                         is to be computed here
/// @param memory what has been loaded on all servers
/// @param servers the ring names of the servers
/// @param inquiries what can be found out about its clients and servers, and done to them
public record WholePool(
        ScanTour tour,
        Supplier<BitSet> passedOver,
        boolean mayFlush,
        int crossServerLimit,
        PoolMemory memory,
        Set<String> servers,
        Inquiries inquiries) {
    /// A pool with one server that is always there, and of which nothing can be found out.
    static final WholePool OF_ONE = of(List.of("server"), BitSet::new, false, 0, new PoolMemory(), null);

    /// The pool whose servers have these names, in the pool's order.
    public static WholePool of(
            List<String> servers,
            Supplier<BitSet> passedOver,
            boolean mayFlush,
            int crossServerLimit,
            PoolMemory memory,
            Inquiries inquiries) {
        return new WholePool(
                new ScanTour(servers), passedOver, mayFlush, crossServerLimit, memory, Set.copyOf(servers), inquiries);
    }
}
