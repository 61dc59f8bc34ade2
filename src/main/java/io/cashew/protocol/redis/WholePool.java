package io.cashew.protocol.redis;

import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/// What the commands need to know that are about a pool and not about keys.
///
/// @param tour the way of SCAN through the servers
/// @param passedOver from any thread: the servers that have no keys of the pool now, because they are ejected and others
///                   have taken their keys over; not to be changed
/// @param mayFlush whether clients may empty the servers
public record WholePool(ScanTour tour, Supplier<BitSet> passedOver, boolean mayFlush) {
    /// A pool with one server that is always there.
    static final WholePool OF_ONE = of(List.of("server"), BitSet::new, false);

    /// The pool whose servers have these names, in the pool's order.
    public static WholePool of(List<String> servers, Supplier<BitSet> passedOver, boolean mayFlush) {
        return new WholePool(new ScanTour(servers), passedOver, mayFlush);
    }
}
