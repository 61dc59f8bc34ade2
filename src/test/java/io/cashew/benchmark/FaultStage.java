package io.cashew.benchmark;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Fault.End;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// One proxy, and the three servers behind it with a relay before each. Keys of server 1 are the victims.
///
/// @param direct a port of the same proxy whose pool has the same servers, without relays
/// @param pid of the proxy
record FaultStage(
        String name,
        int port,
        int direct,
        long pid,
        RedisServer[] servers,
        ChaosRelay[] relays,
        List<String> victims,
        List<String> others) {
    /// Finds out which keys live where.
    static FaultStage of(String name, int port, int direct, long pid, RedisServer[] servers, ChaosRelay[] relays) {
        var victims = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (RedisServer server : servers) {
            server.flush();
        }
        try (var client = RespClient.connect(port)) {
            for (int i = 0; victims.size() < 100 || others.size() < 200; i++) {
                String key = "key" + (1000 + i);
                client.call("SET", key, "placed");
                List<String> home = servers[1].call("EXISTS", key).equals(":1\r\n") ? victims : others;
                if (home.size() < (home == victims ? 100 : 200)) {
                    home.add(key);
                }
            }
        }
        return new FaultStage(name, port, direct, pid, servers, relays, List.copyOf(victims), List.copyOf(others));
    }

    ChaosRelay relay() {
        return relays[1];
    }

    RedisServer server() {
        return servers[1];
    }

    RespClient connect() {
        return RespClient.connect(port).deadline(Duration.ofSeconds(3));
    }

    RespClient connectDirect() {
        return RespClient.connect(direct).deadline(Duration.ofSeconds(3));
    }

    /// Undoes whatever has been done to servers and relays, and returns when all keys are served.
    void heal() {
        server().resume();
        for (int i = 0; i < 3; i++) {
            relays[i].accept();
            relays[i].heal();
            relays[i].cut(End.FIN);
        }
        fill();
        Awaitility.await().until(() -> {
            try (var client = connect()) {
                return Stream.of(victims, others).allMatch(keys ->
                        client.pipeline(keys.stream().map(key -> new String[] {"GET", key}).toList()).equals(values(keys)));
            }
        });
    }

    /// Puts all keys where they belong, without a proxy between.
    void fill() {
        for (int i = 0; i < 3; i++) {
            try (var direct = servers[i].connect()) {
                for (List<String> keys : List.of(victims, others)) {
                    direct.pipeline(keys.stream().map(key -> new String[] {"SET", key, "value of " + key}).toList());
                }
            }
        }
    }

    static byte[] gets(List<String> keys) {
        return RespClient.bytes(keys.stream().map(key -> RespClient.text(RespClient.encode("GET", key)))
                .collect(Collectors.joining()));
    }

    static List<String> values(List<String> keys) {
        return keys.stream().map(FaultStage::value).toList();
    }

    static String value(String key) {
        String value = "value of " + key;
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }
}
