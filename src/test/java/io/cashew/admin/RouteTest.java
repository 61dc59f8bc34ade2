package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.sharding.HashFunction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(SeenPools.class)
class RouteTest {
    private static Response ask(String pool, String query) {
        return given().urlEncodingEnabled(false).get("/pools/" + pool + "/route" + (query.isEmpty() ? "" : "?" + query));
    }

    private static JsonPath route(String pool, String query) {
        Response response = ask(pool, query);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return response.jsonPath();
    }

    /// Where the key of these bytes (ISO 8859-1) goes.
    private static JsonPath routeOf(String pool, String key) {
        return route(pool, "keyHex=" + HexFormat.of().formatHex(RespClient.bytes(key)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ring", "slots"})
    void aKeyLandsWhereTheRouteSays(String pool) {
        try (var client = SeenPools.connect(pool)) {
            for (String key : keys(pool)) {
                assertThat(client.call("SET", key, "v")).isEqualTo("+OK\r\n");

                String address = routeOf(pool, key).getString("address");

                assertThat(holders(key)).as(key).containsExactly(address);
            }
        }
    }

    @Test
    void aKeyOfAMemcachedPoolLandsWhereTheRouteSays() {
        var servers = SeenPools.memcacheds();
        var addresses = new HashSet<String>();
        try (var client = SeenPools.connectToCache();
                var first = servers.get(0).connect();
                var second = servers.get(1).connect();
                var third = servers.get(2).connect()) {
            for (int i = 0; i < 60; i++) {
                String key = i + ":cached:\u00ff";
                assertThat(client.ask("set " + key + " 0 0 1\r\nv\r\n")).isEqualTo("STORED\r\n");

                String address = routeOf("cache", key).getString("address");

                var holders = new ArrayList<String>();
                List.of(first, second, third).forEach(server -> holders.add(server.ask("mg " + key + "\r\n")));
                assertThat(holders).as(key).containsOnlyOnce("HD\r\n");
                assertThat(address).isEqualTo("127.0.0.1:" + servers.get(holders.indexOf("HD\r\n")).port());
                addresses.add(address);
            }
        }
        assertThat(addresses).hasSize(3);
    }

    private static List<String> keys(String pool) {
        var keys = new ArrayList<String>();
        IntStream.range(0, 60).forEach(i -> keys.add(i + ":" + pool));
        IntStream.range(0, 20).forEach(i -> keys.add(pool + "{" + i + "tag}" + i));
        IntStream.range(0, 20).forEach(i -> keys.add((char) (i + 120) + "\0\r\n\u00ff\u0080" + pool));
        keys.add(pool + ":{}:" + pool);
        return keys;
    }

    /// The addresses, as the pools know them, of all servers that have `key`.
    private static List<String> holders(String key) {
        var holders = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            RedisServer server = SeenPools.server(i);
            if (server.call("EXISTS", key).equals(":1\r\n")) {
                boolean bySocket = i == 0 && key.contains("slots");
                holders.add(bySocket ? server.unixSocket().toString() : "127.0.0.1:" + server.port());
            }
        }
        return holders;
    }

    @Test
    void keysOfThisTestComeToEveryServer() {
        for (String pool : List.of("ring", "slots")) {
            assertThat(keys(pool).stream().map(key -> routeOf(pool, key).getString("server")).distinct()).hasSize(3);
        }
    }

    @Test
    void everyStepOnTheRingIsShown() {
        JsonPath route = route("ring", "key=%7Buser%3A1%7D.mail");

        byte[] part = RespClient.bytes("user:1");
        long hash = Integer.toUnsignedLong(HashFunction.FNV1A_64.hash(part, 0, part.length));
        assertThat(route.getString("key")).isEqualTo("{user:1}.mail");
        assertThat(route.getString("hashTag")).isEqualTo("{}");
        assertThat(route.getString("hashedPart")).isEqualTo("user:1");
        assertThat(route.getString("hashFunction")).isEqualTo("fnv1a_64");
        assertThat(route.getLong("hashValue")).isEqualTo(hash);
        assertThat(route.getString("distribution")).isEqualTo("ketama");
        assertThat(route.getString("placement.kind")).isEqualTo("ring");
        assertThat(route.getInt("placement.points")).isEqualTo(480);
        assertThat(route.getInt("placement.position")).isBetween(0, 479);
        assertThat(route.getLong("placement.point") < hash).isEqualTo(route.getBoolean("placement.wrapped"));
        assertThat(route.getString("server")).isIn("a", "b", "c").isEqualTo(route.getString("home"));
        assertThat(route.getString("why"))
                .startsWith("fnv1a_64 of 'user:1', the part of the key between the hash tag's characters, is " + hash)
                .contains(String.valueOf(route.getLong("placement.point")))
                .endsWith("belongs to '" + route.getString("server") + "'.");
    }

    @Test
    void everyStepToASlotIsShown() {
        JsonPath route = route("slots", "key=user");

        assertThat(route.getString("hashTag")).isNull();
        assertThat(route.getString("hashedPart")).isEqualTo("user");
        assertThat(route.getString("hashFunction")).isEqualTo("murmur");
        assertThat(route.getString("placement.kind")).isEqualTo("slot");
        assertThat(route.getInt("placement.slots")).isEqualTo(6);
        assertThat(route.getLong("placement.slot")).isEqualTo(route.getLong("hashValue") % 6);
        assertThat(route.getString("why"))
                .contains("divided by 6 slots that leaves " + route.getInt("placement.slot"))
                .contains("'" + route.getString("server") + "'");
    }

    @Test
    void aDrawIsShownAsADraw() {
        var servers = IntStream.range(0, 60).mapToObj(_ -> route("lottery", "key=k")).map(route -> route.getString("server"));

        assertThat(servers).containsOnly("a", "b", "c");
        JsonPath route = route("lottery", "key=k");
        assertThat(route.getString("placement.kind")).isEqualTo("draw");
        assertThat(route.getInt("placement.candidates")).isEqualTo(3);
        assertThat(route.getString("home")).isNull();
        assertThat(route.getString("why")).startsWith("Every request draws one of 3 live servers");
    }

    @Test
    void theOnlyServerOfAPoolGetsEveryKey() {
        JsonPath route = route("odd%20pool%2F%C3%BC%3A1", "key=anything");

        assertThat(route.getString("server")).isEqualTo(SeenPools.ODD_SERVER);
        assertThat(route.getString("why"))
                .isEqualTo("The pool has one server, '" + SeenPools.ODD_SERVER + "', which gets every key; nothing is hashed.");
    }

    @Test
    void aKeyGoesNowhereWhileNoServerIsLive() {
        try (var client = SeenPools.connect("dead")) {
            client.call("GET", "k");
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> route("dead", "key=k").getString("server") == null);

        JsonPath route = route("dead", "key=k");

        assertThat(route.getString("address")).isNull();
        assertThat(route.getString("placement.kind")).isEqualTo("none");
        assertThat(route.getString("home")).isEqualTo("gone");
        assertThat(route.getString("why")).contains("No server is live").contains("'gone', which is ejected");
    }

    @Test
    void theKeysOfAnEjectedServerAreSeenAwayFromHome() {
        try (var client = SeenPools.connect("halved")) {
            IntStream.range(0, 50).forEach(i -> client.call("GET", i + ":k"));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> route("halved", "key=k").getInt("placement.points") == 160);

        List<JsonPath> routes = IntStream.range(0, 50).mapToObj(i -> route("halved", "key=" + i + ":k")).toList();

        assertThat(routes).extracting(route -> route.getString("server")).containsOnly("here");
        assertThat(routes).extracting(route -> route.getString("home")).contains("here", "gone");
        assertThat(routes).allSatisfy(route -> assertThat(route.getString("why").endsWith("'gone', which is ejected at present."))
                .isEqualTo(route.getString("home").equals("gone")));
    }

    @Test
    void aKeyMayBeWrittenInThreeWays() {
        String text = routeOf("ring", "a+b c").prettify();

        assertThat(route("ring", "key=a%2Bb+c").prettify()).isEqualTo(text);
        assertThat(route("ring", "key=a%2bb%20c").prettify()).isEqualTo(text);
        assertThat(route("ring", "key64=YStiIGM=").prettify()).isEqualTo(text);
        assertThat(route("ring", "key64=YStiIGM").prettify()).isEqualTo(text);
    }

    @Test
    void aKeyThatIsNotTextIsTakenByteForByte() {
        JsonPath route = route("ring", "keyHex=fffe00FB");

        assertThat(route.getString("key")).isNull();
        assertThat(route.getString("keyHex")).isEqualTo("fffe00fb");
        assertThat(route.getString("why")).contains(" 0xfffe00fb ");
        assertThat(route("ring", "key64=//4A%2Bw==").prettify()).isEqualTo(route.prettify());
        assertThat(route("ring", "key64=//4A+w==").prettify()).isEqualTo(route.prettify());
        assertThat(route("ring", "key64=__4A-w").prettify()).isEqualTo(route.prettify());
        assertThat(route("ring", "key=%ff%FE%00%fb").prettify()).isEqualTo(route.prettify());
    }

    @Test
    void theEmptyKeyHasAHomeToo() {
        JsonPath route = route("ring", "key=");

        assertThat(route.getString("key")).isEmpty();
        assertThat(route.getLong("hashValue")).isZero();
        assertThat(route.getString("server")).isIn("a", "b", "c");
    }

    @Test
    void aKeyOfTheGreatestLengthFitsHoweverItIsWritten() {
        String key = "ü".repeat(KeyQuery.MAX_BYTES / 2);

        JsonPath route = route("ring", "key=" + URLEncoder.encode(key, StandardCharsets.UTF_8));

        assertThat(route.getString("key")).isEqualTo(key);
        assertThat(route.getString("why")).contains("'" + "ü".repeat(40) + "…'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                  | Give the key once, as key=TEXT, keyHex=HEX or key64=BASE64; there was none.",
        "Key=k               | Give the key once, as key=TEXT, keyHex=HEX or key64=BASE64; there was none.",
        "key=k&keyHex=00     | Give the key once, as key=TEXT, keyHex=HEX or key64=BASE64; there were 2.",
        "key=k&key=l         | Give the key once, as key=TEXT, keyHex=HEX or key64=BASE64; there were 2.",
        "keyHex=abc          | keyHex is not an even number of hexadecimal digits.",
        "keyHex=zz           | keyHex is not an even number of hexadecimal digits.",
        "key64=a             | key64 is not Base64.",
        "key64=****          | key64 is not Base64.",
    })
    void aKeyThatCannotBeReadIsAProblem(String query, String detail) {
        Response response = ask("ring", query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(response.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:unreadable-key");
        assertThat(response.jsonPath().getString("detail")).isEqualTo(detail);
        assertThat(response.jsonPath().getString("instance")).isEqualTo("/pools/ring/route");
    }

    @Test
    void aKeyThatIsTooLongIsAProblem() {
        Response response = ask("ring", "key=" + "x".repeat(KeyQuery.MAX_BYTES + 1));

        assertThat(response.statusCode()).isEqualTo(414);
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(response.jsonPath().getString("detail")).isEqualTo("The key has 8193 bytes, at most 8192 can be explained.");
    }

    @Test
    void aRequestLineThatIsTooLongIsRefused() {
        assertThat(ask("ring", "key=" + "x".repeat(40_000)).statusCode()).isEqualTo(414);
    }
}
