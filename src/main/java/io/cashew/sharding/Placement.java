package io.cashew.sharding;

/// Where a hash fell in a [Distribution], and why there.
public sealed interface Placement {
    /// The hash as an unsigned number, 0 to 2^32 - 1.
    long hash();

    /// The index of the shard, or [Distribution#NONE].
    int server();

    /// The first point of the ring at or behind the hash.
    ///
    /// @param point the value of the point, unsigned
    /// @param position the place of the point on the ring, from 0
    /// @param points how many points the ring has
    record OnRing(int server, long hash, long point, int position, int points) implements Placement {
        /// Whether the hash lies behind the last point, so that the first one was taken.
        public boolean wrapped() {
            return hash > point;
        }
    }

    /// The slot that is the remainder of hash / slots.
    ///
    /// @param slot the slot, from 0
    /// @param slots how many there are: the sum of the live shards' weights
    record InSlot(int server, long hash, long slot, long slots) implements Placement {}

    /// A draw among the live shards that the hash has no part in; the next one may fall on another.
    ///
    /// @param candidates how many shards are live
    record Drawn(int server, long hash, int candidates) implements Placement {}

    /// No shard is live.
    record Nowhere(long hash) implements Placement {
        @Override
        public int server() {
            return Distribution.NONE;
        }
    }
}
