package io.cashew.routing;

import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Request;
import io.cashew.sharding.Distribution;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.HashTag;
import io.cashew.sharding.Placement;
import java.nio.charset.StandardCharsets;

/// Decides which server a request goes to: key, hash tag, hash function, distribution, exactly as twemproxy does
/// (`server_pool_server`, `nc_server.c`), so that no key moves.
///
/// Immutable and shared by all workers of a pool.
public final class Router {
    /// Requests without a key go where twemproxy sends them: to the server of this key.
    private static final byte[] PLACEHOLDER = "placeholder".getBytes(StandardCharsets.US_ASCII);

    private final HashFunction hash;
    private final HashTag hashTag;
    private final Distribution distribution;
    private final boolean single;
    private final boolean random;

    /// A router over `servers` servers of which `distribution` knows the live ones. `hashTag` may be null.
    public Router(HashFunction hash, HashTag hashTag, Distribution distribution, int servers) {
        this.hash = hash;
        this.hashTag = hashTag;
        this.distribution = distribution;
        // A pool with one server never hashes.
        this.single = servers == 1 && distribution.server(0) == 0;
        this.random = !distribution.placesKeys();
    }

    /// The index of the server that gets all of `request`, or one of the answers of [Route]; details are left in `route`.
    public int route(Request request, Route route) {
        if (request.command().spread() == Spread.EVERY_SERVER) {
            return Route.EVERY_SERVER;
        }
        if (single) {
            return 0;
        }
        return switch (request.keyCount()) {
            case 0 -> orNone(distribution.server(hash(PLACEHOLDER, PLACEHOLDER.length)));
            case 1 -> orNone(server(request, 0, route));
            default -> several(request, route);
        };
    }

    /// Where `key` goes and why. Any thread.
    public Placement explain(byte[] key) {
        return distribution.explain(hash(key, key.length));
    }

    /// The part of `key` that is hashed. Any thread.
    public byte[] hashedPart(byte[] key) {
        if (hashTag == null) {
            return key;
        }
        long slice = hashTag.slice(key, 0, key.length);
        int offset = HashTag.offset(slice);
        return java.util.Arrays.copyOfRange(key, offset, offset + HashTag.length(slice));
    }

    public Distribution distribution() {
        return distribution;
    }

    private int several(Request request, Route route) {
        int keys = request.keyCount();
        int first = server(request, 0, route);
        if (first < 0) {
            return Route.NO_LIVE_SERVER;
        }
        if (random) {
            // Any server is as right as any other, so the one drawn serves all keys.
            return first;
        }
        route.expect(keys);
        int[] serverOfKey = route.serverOfKey();
        serverOfKey[0] = first;
        boolean same = true;
        for (int key = 1; key < keys; key++) {
            int server = server(request, key, route);
            serverOfKey[key] = server;
            same &= server == first;
        }
        if (same) {
            return first;
        }
        return request.command().spread() == Spread.SPLIT ? Route.SCATTER : Route.SEVERAL_SERVERS;
    }

    private int server(Request request, int key, Route route) {
        byte[] decoded = request.routedBy();
        if (decoded != null) {
            return distribution.server(hash(decoded, decoded.length));
        }
        return distribution.server(hash(route.copyKey(request, key), request.wordLength(request.keyWord(key))));
    }

    private int hash(byte[] key, int length) {
        if (hashTag == null) {
            return hash.hash(key, 0, length);
        }
        long slice = hashTag.slice(key, 0, length);
        return hash.hash(key, HashTag.offset(slice), HashTag.length(slice));
    }

    private static int orNone(int server) {
        return server < 0 ? Route.NO_LIVE_SERVER : server;
    }
}
