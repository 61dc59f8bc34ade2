package io.cashew.routing;

import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Request;
import io.cashew.sharding.Distribution;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.HashTag;
import io.cashew.sharding.Placement;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/// Decides which server a request goes to: key, hash tag, hash function, distribution, exactly as twemproxy does
/// (`server_pool_server`, `nc_server.c`), so that no key moves.
///
/// Immutable and shared by all workers of a pool.
public final class Router {
    /// Requests without a key go where twemproxy sends them: to the server of this key.
    private static final byte[] PLACEHOLDER = "placeholder".getBytes(StandardCharsets.US_ASCII);

    private static final int TOO_LONG = Distribution.NONE - 1;

    private final HashFunction hash;
    private final HashTag hashTag;
    private final Distribution distribution;
    private final boolean single;
    private final boolean random;
    /// Servers whose keys are to be refused; null if there is none.
    private final BitSet out;
    private final BitSet passedOver;
    private final int[] every;
    private final int[] live;

    /// A router over `servers` servers of which `distribution` knows the live ones. `hashTag` may be null.
    public Router(HashFunction hash, HashTag hashTag, Distribution distribution, int servers) {
        this(hash, hashTag, distribution, servers, new BitSet(), false);
    }

    /// A router for a pool without the servers `ejected`. Where `keysStay`, `distribution` places keys as if there were none
    /// of these, and keys that live on one are refused; otherwise it knows nothing of them.
    public Router(
            HashFunction hash, HashTag hashTag, Distribution distribution, int servers, BitSet ejected, boolean keysStay) {
        BitSet out = keysStay ? (BitSet) ejected.clone() : new BitSet();
        this.hash = hash;
        this.hashTag = hashTag;
        this.distribution = distribution;
        // A pool with one server never hashes.
        this.single = servers == 1 && distribution.server(0) == 0 && out.isEmpty();
        this.random = !distribution.placesKeys();
        this.out = out.isEmpty() ? null : out;
        this.passedOver = keysStay ? new BitSet() : (BitSet) ejected.clone();
        this.every = IntStream.range(0, servers).toArray();
        this.live = IntStream.range(0, servers).filter(server -> !ejected.get(server)).toArray();
    }

    /// The index of the server that gets all of `request`, or one of the answers of [Route]; details are left in `route`.
    public int route(Request request, Route route) {
        Spread spread = request.command().spread();
        if (spread.isWholePool()) {
            return wholePool(spread, request, route);
        }
        if (single) {
            return 0;
        }
        return switch (request.keyCount()) {
            case 0 -> orWhyNot(distribution.server(hash(PLACEHOLDER, 0, PLACEHOLDER.length)));
            case 1 -> orWhyNot(server(request, 0, route));
            default -> several(request, route);
        };
    }

    /// The server that a channel of this name belongs to, as a key of this name does, or one of the answers of [Route].
    public int serverOf(byte[] name) {
        return single ? 0 : orWhyNot(distribution.server(hash(name, 0, name.length)));
    }

    /// The servers that are not ejected; not to be changed.
    public int[] live() {
        return live;
    }

    /// Whether a key has its place; otherwise any server is as right as any other.
    public boolean placesKeys() {
        return !random;
    }

    /// Where `key` goes and why. Any thread.
    public Placement explain(byte[] key) {
        return distribution.explain(hash(key, 0, key.length));
    }

    /// The part of `key` that is hashed. Any thread.
    public byte[] hashedPart(byte[] key) {
        if (hashTag == null) {
            return key;
        }
        long slice = hashTag.slice(key, 0, key.length);
        int offset = HashTag.offset(slice);
        return Arrays.copyOfRange(key, offset, offset + HashTag.length(slice));
    }

    /// The servers that have no keys now, because others have taken them over; not to be changed. Any thread.
    public BitSet passedOver() {
        return passedOver;
    }

    public Distribution distribution() {
        return distribution;
    }

    private int wholePool(Spread spread, Request request, Route route) {
        return switch (spread) {
            case EVERY_SERVER, WAITING_EVERYWHERE -> out == null ? route.each(every) : Route.EJECTED_SERVER;
            case EVERY_HOLDER -> out == null ? live(route) : Route.EJECTED_SERVER;
            case EVERY_LIVE_SERVER -> live(route);
            case CHOSEN_SERVER -> isOut(request.server()) ? Route.EJECTED_SERVER : route.each(request.server());
            case LOCAL, ANY_SERVER, ONE_SERVER, SPLIT, WAITING, TRANSACTION, SUBSCRIPTION, REFUSED ->
                throw new IllegalArgumentException("not for a pool: " + spread);
        };
    }

    private int live(Route route) {
        return live.length == 0 ? Route.NO_LIVE_SERVER : route.each(live);
    }

    private int several(Request request, Route route) {
        if (random) {
            // Where servers are drawn any is as right as any other, so the one drawn serves all keys.
            return orWhyNot(server(request, 0, route));
        }
        int keys = request.keyCount();
        route.expect(keys);
        int[] serverOfKey = route.serverOfKey();
        byte[] copy = route.copy(request);
        boolean same = true;
        boolean refused = false;
        for (int key = 0; key < keys; key++) {
            int server = copy == null ? server(request, key, route) : server(request, key, copy);
            if (server < 0) {
                return orWhyNot(server);
            }
            serverOfKey[key] = server;
            same &= server == serverOfKey[0];
            refused |= isOut(server);
        }
        if (!same && request.command().spread() != Spread.SPLIT) {
            return Route.SEVERAL_SERVERS;
        }
        if (refused) {
            // All or nothing: it would fail in the end, so none of its parts is sent.
            return Route.EJECTED_SERVER;
        }
        return same ? serverOfKey[0] : Route.SCATTER;
    }

    private int server(Request request, int key, Route route) {
        byte[] decoded = request.routedBy();
        if (decoded != null) {
            return distribution.server(hash(decoded, 0, decoded.length));
        }
        int length = request.wordLength(request.keyWord(key));
        return length > Route.MAX_KEY ? TOO_LONG : distribution.server(hash(route.copyKey(request, key), 0, length));
    }

    /// `copy` is one of the whole request.
    private int server(Request request, int key, byte[] copy) {
        int word = request.keyWord(key);
        return distribution.server(hash(copy, request.wordOffset(word), request.wordLength(word)));
    }

    private int hash(byte[] bytes, int offset, int length) {
        if (hashTag == null) {
            return hash.hash(bytes, offset, length);
        }
        long slice = hashTag.slice(bytes, offset, length);
        return hash.hash(bytes, HashTag.offset(slice), HashTag.length(slice));
    }

    private int orWhyNot(int server) {
        if (server < 0) {
            return server == TOO_LONG ? Route.KEY_TOO_LONG : Route.NO_LIVE_SERVER;
        }
        return isOut(server) ? Route.EJECTED_SERVER : server;
    }

    private boolean isOut(int server) {
        return out != null && out.get(server);
    }
}
