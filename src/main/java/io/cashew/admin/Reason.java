package io.cashew.admin;

import io.cashew.config.PoolConfig;
import io.cashew.server.Server;
import io.cashew.sharding.Placement;

/// Says in words why a key goes where it goes.
///
/// @param hashed the part of `key` that is hashed
/// @param server where it goes, null if no server is live
/// @param home where it would go if no server were ejected, null where keys have no home
record Reason(PoolConfig pool, byte[] key, byte[] hashed, Placement placement, Server server, Server home) {
    String sentence() {
        if (server != null && pool.servers().size() == 1) {
            return "The pool has one server, '%s', which gets every key; nothing is hashed.".formatted(server.name());
        }
        return switch (placement) {
            case Placement.OnRing ring ->
                hash() + "; " + (ring.wrapped()
                                ? "that is behind the last of %d ring points, so the first one, %d,"
                                        .formatted(ring.points(), ring.point())
                                : "the first ring point at or behind it, %d (position %d of %d),"
                                        .formatted(ring.point(), ring.position(), ring.points()))
                        + " belongs to '%s'.%s".formatted(server.name(), away());
            case Placement.InSlot(_, _, long slot, long slots) ->
                hash() + "; divided by %d slots that leaves %d, a slot of '%s'.%s"
                        .formatted(slots, slot, server.name(), away());
            case Placement.Drawn(_, _, int candidates) ->
                "Every request draws one of %d live servers, whatever its key; this draw was '%s', the next may be another."
                        .formatted(candidates, server.name());
            case Placement.Nowhere _ -> "No server is live: requests get an error until one is back." + away();
        };
    }

    private String hash() {
        String part = hashed.length == key.length
                ? "the key %s".formatted(KeyText.quoted(key))
                : "%s, the part of the key between the hash tag's characters,".formatted(KeyText.quoted(hashed));
        return "%s of %s is %d".formatted(pool.hash().label(), part, placement.hash());
    }

    private String away() {
        return home == null || home.equals(server)
                ? ""
                : " The key's home is '%s', which is ejected at present.".formatted(home.name());
    }
}
