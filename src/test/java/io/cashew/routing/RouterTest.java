package io.cashew.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.redis.RedisRequestDecoder;
import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.HashTag;
import io.cashew.sharding.Placement;
import io.cashew.sharding.Shard;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final int SERVERS = 4;

    private final Route route = new Route();

    @Test
    void oneKeyGoesToItsServer() {
        var router = router(DistributionKind.KETAMA, SERVERS);

        for (int key = 0; key < 1000; key++) {
            assertThat(router.route(request("GET", "key" + key), route)).isEqualTo(home(router, "key" + key));
        }
    }

    @Test
    void keysOfOneServerGoThereAndOthersAreSplitOrRefused() {
        var router = router(DistributionKind.KETAMA, SERVERS);
        String first = keyOf(router, 1, 0);
        String second = keyOf(router, 1, 1);
        String other = keyOf(router, 2, 0);

        assertThat(router.route(request("MGET", first, second, first), route)).isEqualTo(1);
        assertThat(router.route(request("RENAME", first, second), route)).isEqualTo(1);
        assertThat(router.route(request("RENAME", first, other), route)).isEqualTo(Route.SEVERAL_SERVERS);
        assertThat(router.route(request("MGET", first, other, second, first), route)).isEqualTo(Route.SCATTER);
        assertThat(route.serverOfKey()).startsWith(1, 2, 1, 1);
        assertThat(router.route(request("MSET", other, first, first, other), route)).isEqualTo(Route.SCATTER);
        assertThat(route.serverOfKey()).startsWith(2, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 5_000, 100_000})
    void keysHaveTheirServersWhateverLiesBetweenThem(int valueLength) {
        var router = new Router(
                HashFunction.FNV1A_64,
                HashTag.of("{}").orElseThrow(),
                DistributionKind.KETAMA.build(shards(SERVERS), new BitSet()),
                SERVERS);
        String[] pairs = IntStream.range(0, 100)
                .mapToObj(word -> word % 2 == 0 ? "{key" + word + "}" : "{" + "v".repeat(valueLength))
                .toArray(String[]::new);

        assertThat(router.route(request("MSET", pairs), route)).isEqualTo(Route.SCATTER);

        for (int key = 0; key < pairs.length / 2; key++) {
            assertThat(route.serverOfKey()[key]).isEqualTo(home(router, pairs[key * 2]));
        }
    }

    @Test
    void aHundredThousandKeysHaveTheirServers() {
        var router = router(DistributionKind.MODULA, SERVERS);
        String[] keys = IntStream.range(0, 100_000).mapToObj(key -> "key" + key).toArray(String[]::new);

        assertThat(router.route(request("MGET", keys), route)).isEqualTo(Route.SCATTER);

        for (int key = 0; key < keys.length; key += 997) {
            assertThat(route.serverOfKey()[key]).isEqualTo(home(router, keys[key]));
        }
        // What such a request has needed is not kept for ever.
        router.route(request("MGET", "a", "b"), route);
        assertThat(route.serverOfKey().length).isLessThan(65_536);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 70_000, 3})
    void keysOfEveryLengthAreHashedWhole(int length) {
        var router = router(DistributionKind.KETAMA, SERVERS);
        router.route(request("GET", "x".repeat(100_000)), route);
        String key = "y".repeat(length);

        assertThat(router.route(request("GET", key), route)).isEqualTo(home(router, key));
    }

    @Test
    void theHashTagDecides() {
        var shards = shards(SERVERS);
        var router = new Router(
                HashFunction.FNV1A_64, HashTag.of("{}")
                        .orElseThrow(), DistributionKind.KETAMA.build(shards, new BitSet()), SERVERS);

        assertThat(router.route(request("SINTER", "{user}a", "{user}b", "user", "x{user}"), route)).isEqualTo(home(router, "user"));
        assertThat(new String(router.hashedPart("a{user}b".getBytes()))).isEqualTo("user");
    }

    @Test
    void withoutLiveServersNothingIsRouted() {
        for (int servers : new int[] {1, SERVERS}) {
            var ejected = new BitSet();
            ejected.set(0, servers);
            var router = router(DistributionKind.KETAMA.build(shards(servers), ejected), servers);

            for (Request request : List.of(request("GET", "a"), request("MGET", "a", "b"), request("SINTER", "a", "b"),
                    request("LOLWUT"))) {
                assertThat(router.route(request, route)).isEqualTo(Route.NO_LIVE_SERVER);
            }
        }
    }

    @Test
    void commandsAboutThePoolGoToTheServersThatTakePart() {
        var ejected = new BitSet();
        ejected.set(2);
        var kind = DistributionKind.KETAMA;
        var rehashing = new Router(HashFunction.FNV1A_64, null, kind.build(shards(SERVERS), ejected), SERVERS, ejected, false);
        var failingFast = new Router(HashFunction.FNV1A_64, null, kind.build(shards(SERVERS), new BitSet()), SERVERS, ejected,
                true);

        assertThat(rehashing.route(request("FLUSHALL"), route)).isEqualTo(Route.EACH);
        assertThat(route.servers()).hasSize(SERVERS);
        for (Request request : List.of(request("KEYS", "*"), request("SCRIPT", "LOAD", "x"))) {
            assertThat(rehashing.route(request, route)).isEqualTo(Route.EACH);
            assertThat(route.servers()).hasSize(SERVERS - 1).doesNotContain(2);
        }
        assertThat(rehashing.passedOver().get(2)).isTrue();
        assertThat(failingFast.route(request("FLUSHALL"), route)).isEqualTo(Route.EJECTED_SERVER);
        assertThat(failingFast.route(request("KEYS", "*"), route)).isEqualTo(Route.EJECTED_SERVER);
        assertThat(failingFast.route(request("SCRIPT", "LOAD", "x"), route)).isEqualTo(Route.EACH);
        assertThat(route.servers()).hasSize(SERVERS - 1).doesNotContain(2);
        assertThat(failingFast.passedOver().isEmpty()).isTrue();
    }

    @Test
    void theSessionChoosesTheServerOfAScan() {
        var ejected = new BitSet();
        ejected.set(2);
        var router = new Router(
                HashFunction.FNV1A_64, null, DistributionKind.KETAMA.build(shards(SERVERS), new BitSet()), SERVERS, ejected, true);
        Request scan = request("SCAN", "0");

        scan.sentTo(1);
        assertThat(router.route(scan, route)).isEqualTo(Route.EACH);
        assertThat(route.servers()).containsExactly(1);
        scan.sentTo(2);
        assertThat(router.route(scan, route)).isEqualTo(Route.EJECTED_SERVER);
    }

    @Test
    void requestsWithoutKeysGoToThePlaceholdersServer() {
        var router = router(DistributionKind.KETAMA, SERVERS);

        assertThat(router.route(request("LOLWUT"), route)).isEqualTo(home(router, "placeholder"));
    }

    @Test
    void whereKeysHaveNoHomeAllOfThemGoToTheServerDrawn() {
        var router = router(DistributionKind.RANDOM, SERVERS);

        for (int i = 0; i < 100; i++) {
            assertThat(router.route(request("MGET", "a", "b", "c", "d", "e"), route)).isBetween(0, SERVERS - 1);
        }
    }

    private static int home(Router router, String key) {
        Placement placement = router.explain(key.getBytes(StandardCharsets.ISO_8859_1));
        return switch (placement) {
            case Placement.OnRing ring -> ring.server();
            case Placement.InSlot slot -> slot.server();
            case Placement.Drawn _, Placement.Nowhere _ -> throw new AssertionError(placement);
        };
    }

    private static String keyOf(Router router, int server, int number) {
        return Stream.iterate(0, i -> i + 1).map(i -> "key" + i).filter(key -> home(router, key) == server).skip(number).findFirst()
                .orElseThrow();
    }

    private static Router router(DistributionKind kind, int servers) {
        return router(kind.build(shards(servers), new BitSet()), servers);
    }

    private static Router router(io.cashew.sharding.Distribution distribution, int servers) {
        return new Router(HashFunction.FNV1A_64, null, distribution, servers);
    }

    private static List<Shard> shards(int servers) {
        return IntStream.range(0, servers).mapToObj(server -> new Shard("server" + server, 1)).toList();
    }

    private static Request request(String name, String... arguments) {
        var text = new StringBuilder("*" + (1 + arguments.length) + "\r\n");
        Stream.concat(Stream.of(name), Stream.of(arguments))
                .forEach(word -> text.append("$").append(word.length()).append("\r\n").append(word).append("\r\n"));
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        var request = new Request();
        new RedisRequestDecoder(Limits.REDIS).decode(MemorySegment.ofArray(bytes), 0, bytes.length, request);
        return request;
    }
}
