package io.cashew.pool;

import io.cashew.config.PoolConfig;
import io.cashew.config.ServerConfig;
import io.cashew.sharding.Distribution;
import io.cashew.sharding.Movement;
import io.cashew.sharding.Shard;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// What part of all keys another configuration of a pool sends to other servers, none of which is ejected. A server of another
/// address is another server: it does not hold what the other one held.
///
/// @param moved the part that gets another server, 0 to 1
/// @param moves from where to where, without those that stay
public record KeyMoves(Basis basis, double moved, List<Move> moves) {
    /// How it is known.
    public enum Basis {
        /// Counted over all hash values.
        COUNTED,
        /// Keys have other hashes than before, so that where one was says nothing about where it will be: the expected part.
        EXPECTED,
        /// A request draws its server, before or after: no key has a home to move from or to.
        DRAWN
    }

    /// @param share the part of all keys, 0 to 1
    public record Move(String from, String to, double share) {}

    static KeyMoves of(PoolConfig running, PoolConfig wished) {
        Distribution before = distribution(running);
        Distribution after = distribution(wished);
        if (!before.placesKeys() || !after.placesKeys()) {
            boolean same = before.placesKeys() == after.placesKeys() && sameServers(running, wished);
            return new KeyMoves(Basis.DRAWN, same ? 0 : 1, List.of());
        }
        boolean sameHashes = running.hash() == wished.hash() && running.hashTag().equals(wished.hashTag());
        int shards = running.servers().size();
        Movement movement = sameHashes
                ? Movement.between(before, shards, after, wished.servers().size())
                : null;
        double moved = 0;
        List<Move> moves = new ArrayList<>();
        for (int from = 0; from < shards; from++) {
            for (int to = 0; to < wished.servers().size(); to++) {
                double share = sameHashes
                        ? part(movement.hashes(from, to))
                        : part(before.hashesOwned(from)) * part(after.hashesOwned(to));
                if (share > 0 && !same(running.servers().get(from), wished.servers().get(to))) {
                    moved += share;
                    moves.add(new Move(running.servers().get(from).name(), wished.servers().get(to).name(), share));
                }
            }
        }
        return new KeyMoves(sameHashes ? Basis.COUNTED : Basis.EXPECTED, moved, moves);
    }

    private static double part(long hashes) {
        return (double) hashes / Distribution.HASHES;
    }

    private static Distribution distribution(PoolConfig pool) {
        List<Shard> shards = pool.servers().stream().map(server -> new Shard(server.name(), server.weight())).toList();
        return pool.distribution().build(shards, new BitSet());
    }

    private static boolean sameServers(PoolConfig running, PoolConfig wished) {
        return running.servers().size() == wished.servers().size()
                && running.servers().stream().allMatch(server -> wished.servers().stream().anyMatch(other -> same(server, other)));
    }

    private static boolean same(ServerConfig server, ServerConfig other) {
        return server.name().equals(other.name()) && server.address().equals(other.address());
    }
}
