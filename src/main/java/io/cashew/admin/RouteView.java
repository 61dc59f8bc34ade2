package io.cashew.admin;

import io.cashew.config.PoolConfig;
import io.cashew.pool.BackSide;
import io.cashew.routing.Router;
import io.cashew.server.Server;
import io.cashew.sharding.Distribution;
import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.Placement;
import io.cashew.sharding.Shard;
import java.util.BitSet;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Where a key goes now, and every step to there.
@Schema(name = "Route")
record RouteView(
        String pool,
        @Schema(description = "The key as text; null if it is not UTF-8.", nullable = true) String key,
        String keyHex,
        @Schema(description = "The pool's hash tag, two characters.", nullable = true) String hashTag,
        @Schema(description = "The part of the key that is hashed; null if it is not UTF-8.", nullable = true)
                String hashedPart,
        String hashedPartHex,
        String hashFunction,
        @Schema(description = "Unsigned, 0 to 4294967295.") long hashValue,
        String distribution,
        PlacementView placement,
        @Schema(description = "The server that gets requests for the key now; null if none is live.", nullable = true)
                String server,
        @Schema(description = "The address of that server.", nullable = true) String address,
        @Schema(
                        description = "The server that has the key when no server is ejected; null where keys have none.",
                        nullable = true)
                String home,
        @Schema(description = "All of it in words.") String why) {

    static RouteView of(BackSide now, byte[] key) {
        PoolConfig config = now.config();
        // An ejection meanwhile replaces the router as a whole, so that one router gives one consistent answer
        Router router = now.router();
        byte[] hashed = router.hashedPart(key);
        Placement placement = router.explain(key);
        Server server = server(now, placement.server());
        Server home = home(now, placement);
        return new RouteView(
                now.config().name(),
                KeyText.of(key),
                KeyText.hex(key),
                PoolView.hashTag(config),
                KeyText.of(hashed),
                KeyText.hex(hashed),
                config.hash().label(),
                placement.hash(),
                config.distribution().label(),
                PlacementView.of(placement),
                server == null ? null : server.name(),
                server == null ? null : server.endpoint().toString(),
                home == null ? null : home.name(),
                new Reason(config, key, hashed, placement, server, home).sentence());
    }

    private static Server home(BackSide now, Placement placement) {
        if (now.config().distribution() == DistributionKind.RANDOM) {
            return null;
        }
        // The ring of all servers is only needed while one of them is missing
        int home = now.servers().stream().anyMatch(server -> now.ejected(server) || now.withdrawal(server).isPresent())
                ? withAllServers(now).server((int) placement.hash())
                : placement.server();
        return server(now, home);
    }

    private static Distribution withAllServers(BackSide now) {
        List<Shard> shards = now.servers().stream()
                .map(server -> new Shard(server.name(), server.weight()))
                .toList();
        return now.config().distribution().build(shards, new BitSet());
    }

    private static Server server(BackSide now, int index) {
        return index == Distribution.NONE ? null : now.servers().get(index);
    }
}
