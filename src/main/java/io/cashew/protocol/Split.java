package io.cashew.protocol;

import java.util.Arrays;

/// Which keys of a request make up which part. There is one part per server that has a key, in the pool's server order, and
/// it has its keys in the order of the request: they are the part's *slots*.
///
/// ```
///   key     0  1  2  3  4           part    ──── 0 ──── │ ── 1 ──
///   server  4  1  4  1  1           slot     0   1   2  │  3   4
///   part    1  0  1  0  0           key      1   3   4  │  0   2
/// ```
///
/// Or every key is a part of its own, if their command wants that.
///
/// Reused for one request after the other. Not thread-safe; it lives on the event loop of its request.
public final class Split {
    private static final int FEW_KEYS = 16;

    private int keys;
    private int parts;
    private int[] partOfKey = new int[FEW_KEYS];
    private int[] keyOfSlot = new int[FEW_KEYS];
    private int[] serverOfPart;
    private int[] endOfPart;
    private final int[] partOfServer;
    private final int[] slotOfServer;

    /// A split of requests to at most `servers` servers.
    public Split(int servers) {
        serverOfPart = new int[servers];
        endOfPart = new int[servers];
        partOfServer = new int[servers];
        slotOfServer = new int[servers];
    }

    /// Splits a request with `keys` keys by the server of each.
    public void byServer(int[] serverOfKey, int keys) {
        expect(keys);
        Arrays.fill(slotOfServer, 0);
        for (int key = 0; key < keys; key++) {
            slotOfServer[serverOfKey[key]]++;
        }
        parts = 0;
        int slot = 0;
        for (int server = 0; server < slotOfServer.length; server++) {
            int keysHere = slotOfServer[server];
            if (keysHere > 0) {
                slotOfServer[server] = slot;
                slot += keysHere;
                serverOfPart[parts] = server;
                endOfPart[parts] = slot;
                partOfServer[server] = parts++;
            }
        }
        for (int key = 0; key < keys; key++) {
            int server = serverOfKey[key];
            partOfKey[key] = partOfServer[server];
            keyOfSlot[slotOfServer[server]++] = key;
        }
    }

    /// Makes each of the `keys` keys of a request a part of its own, in the order of the request.
    public void byKey(int[] serverOfKey, int keys) {
        expect(keys);
        if (serverOfPart.length < keys) {
            serverOfPart = new int[partOfKey.length];
        }
        if (endOfPart.length < keys) {
            endOfPart = new int[partOfKey.length];
        }
        parts = keys;
        for (int key = 0; key < keys; key++) {
            partOfKey[key] = key;
            keyOfSlot[key] = key;
            serverOfPart[key] = serverOfKey[key];
            endOfPart[key] = key + 1;
        }
    }

    /// Makes one server the receiver of the whole request.
    public void whole(int server) {
        keys = 0;
        parts = 1;
        serverOfPart[0] = server;
    }

    /// Makes each of `servers` the receiver of `calls` parts without keys, first of all of them, then of all of them again.
    public void each(int[] servers, int calls) {
        keys = 0;
        parts = servers.length * calls;
        if (serverOfPart.length < parts) {
            serverOfPart = new int[parts];
        }
        for (int part = 0; part < parts; part++) {
            serverOfPart[part] = servers[part % servers.length];
        }
    }

    /// How many servers there may be.
    public int servers() {
        return partOfServer.length;
    }

    public int keys() {
        return keys;
    }

    public int parts() {
        return parts;
    }

    public int server(int part) {
        return serverOfPart[part];
    }

    public int part(int key) {
        return partOfKey[key];
    }

    /// The first slot of `part`; its last one is before that of the next part.
    public int firstSlot(int part) {
        return part == 0 ? 0 : endOfPart[part - 1];
    }

    /// Behind the last slot of `part`.
    public int endSlot(int part) {
        return endOfPart[part];
    }

    /// Which key of the request is in `slot`.
    public int key(int slot) {
        return keyOfSlot[slot];
    }

    /// How many keys there is room for without growing.
    public int room() {
        return partOfKey.length;
    }

    private void expect(int keys) {
        this.keys = keys;
        if (partOfKey.length < keys) {
            int size = Integer.highestOneBit(keys) * 2;
            partOfKey = new int[size];
            keyOfSlot = new int[size];
        }
    }
}
