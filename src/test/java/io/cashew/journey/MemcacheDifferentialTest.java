package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.Language;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.ProtocolClient;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// With memcached there are differences, which `docs/compatibility.md` lists. Lines that begin with `!` tell of numbers
/// a server counts by itself.
class MemcacheDifferentialTest extends DifferentialSuite {
    private static final String FLUSH = "flush_all\\r\\n";
    private static final int RANDOM_REQUESTS = 5_000;
    private static final List<String> KEYS = List.of("a", "b", "c", "n1", "n2", "longer:key:5", "YQ==");

    MemcacheDifferentialTest() {
        super(Language.MEMCACHE, "memcache-commands.txt");
    }

    @Override
    Stream<String> forOneServer(Stream<String> block) {
        var lines = block.map(line -> line.startsWith("!") ? line.substring(1) : line);
        return Stream.concat(Stream.of(FLUSH), lines);
    }

    /// Numbers that every server counts for itself are not the same.
    @Override
    Stream<String> forThreeServers(Stream<String> block) {
        return Stream.concat(Stream.of(FLUSH), block.filter(line -> !line.startsWith("!")));
    }

    @Override
    String ask(ProtocolClient client, String line) {
        return askAll(client, Escapes.decode(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "three"})
    void soItDoesWithRequestsNobodyThoughtOf(String pool) {
        long seed = RandomGenerator.getDefault().nextLong();
        var random = new Random(seed);
        flush();
        try (var proxied = connect(pool)) {
            for (int i = 0; i < RANDOM_REQUESTS; i++) {
                String request = request(random);

                String expected = askAll(direct, request);

                assertThat(askAll(proxied, request))
                        .as("seed %d, request %d: %s", seed, i, Escapes.encode(request))
                        .isEqualTo(expected);
            }
        }
    }

    /// The list in `docs/compatibility.md`, with what both sides say.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set k 0 0 1 junk\\r\\na\\r\\n | STORED\\r\\n | ERROR\\r\\n",
                "incr k 1 junk\\r\\n | NOT_FOUND\\r\\n | ERROR\\r\\n",
                "set k 4294967296 0 1\\r\\na\\r\\n | STORED\\r\\n | CLIENT_ERROR bad command line format\\r\\n",
                "set k 0 2147483648 1\\r\\na\\r\\n | STORED\\r\\n | CLIENT_ERROR bad command line format\\r\\n",
                "set k x 0 2\\r\\nmn\\r\\n | CLIENT_ERROR bad command line format\\r\\nMN\\r\\n | CLIENT_ERROR bad command line format\\r\\n",
                "set k 0 0 2 noreply x\\r\\nmn\\r\\n | ERROR\\r\\nMN\\r\\n | ERROR\\r\\n",
                "get a\\tb\\r\\n | END\\r\\n | CLIENT_ERROR bad command line format\\r\\n",
                "gat 10\\r\\n | END\\r\\n | ERROR\\r\\n",
                "me\\r\\n | CLIENT_ERROR bad command line format\\r\\n | ERROR\\r\\n",
                "bget k\\r\\n | END\\r\\n | ERROR\\r\\n",
                "md k q q\\r\\n | CLIENT_ERROR invalid or duplicate flag\\r\\n | CLIENT_ERROR duplicate flag\\r\\n",
                "mg k v v v v v v v v v v v v v v v v v\\r\\n | CLIENT_ERROR duplicate flag\\r\\n | CLIENT_ERROR options flags too long\\r\\n",
                "ma new N0 q v\\r\\n | VA 1\\r\\n0\\r\\n | ''",
                "delete k a b\\r\\n | CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\\r\\n | ERROR\\r\\n",
            })
    void whatDiffersIsListed(String request, String server, String pool) {
        flush();
        try (var proxied = connect("one")) {
            assertThat(askAll(direct, Escapes.decode(request))).isEqualTo(Escapes.decode(server));
            assertThat(askAll(proxied, Escapes.decode(request))).isEqualTo(Escapes.decode(pool));
        }
    }

    private static String askAll(ProtocolClient client, String requests) {
        return ((MemcacheClient) client).askAll(requests);
    }

    private static String request(Random random) {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        String noreply = random.nextInt(4) == 0 ? " noreply" : "";
        // Without leading zeros, after append either: incr makes such a number shorter, too.
        String value = random.nextBoolean() ? String.valueOf(random.nextInt(1, 1000)) : "v\r\nEND\r\n" + random.nextInt();
        String data = "\r\n" + value + "\r\n";
        return switch (random.nextInt(14)) {
            case 0, 1 -> "get" + keys(random) + "\r\n";
            case 2 -> "gat 1000" + keys(random) + "\r\n";
            case 3, 4, 5 -> List.of("set", "add", "replace", "append", "prepend").get(random.nextInt(5)) + " " + key + " "
                    + random.nextInt(100) + " 0 " + value.length() + noreply + data;
            case 6 -> "cas " + key + " 0 0 " + value.length() + " 99999999" + noreply + data;
            // Not decr: whether memcached pads a shorter number with blanks depends on its own threads.
            case 7 -> "incr " + key + " " + random.nextInt(100) + noreply + "\r\n";
            case 8 -> "delete " + key + noreply + "\r\n";
            case 9 -> "touch " + key + " 1000" + noreply + "\r\n";
            case 10 -> "mg " + key + flags(random, "k", "O7", "v", "q", "s", "f", "T1000") + "\r\n";
            // Without b: incr forgets that a key is binary if one of memcached's own threads holds the item at that moment.
            case 11 -> "ms " + key + " " + value.length() + flags(random, "k", "O7", "q", "F3", "MA", "MP", "ME") + data;
            case 12 -> "md " + key + flags(random, "k", "O7", "q", "C99999999") + "\r\n";
            default -> "ma " + key + flags(random, "k", "O7", "q", "v", "MI", "D5") + "\r\n";
        };
    }

    private static String keys(Random random) {
        var keys = new StringBuilder();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            keys.append(' ').append(KEYS.get(random.nextInt(KEYS.size())));
        }
        return keys.toString();
    }

    private static String flags(Random random, String... possible) {
        var flags = new StringBuilder();
        for (String flag : possible) {
            if (random.nextInt(4) == 0) {
                flags.append(' ').append(flag);
            }
        }
        return flags.toString();
    }
}
