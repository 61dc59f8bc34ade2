package io.cashew.packaged;

import io.cashew.fixture.Language;
import io.cashew.fixture.PoolsFile;
import io.cashew.fixture.ProtocolClient;
import io.cashew.fixture.RealServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Once the JVM has compiled the road, a request on it allocates nothing: no garbage, so no pause to collect it. What the
/// event loops allocate is counted by the JVM, byte by byte; only how soon everything is compiled is a matter of time.
@Timeout(120)
class AllocationIT {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 32_000;
    private static final int KEYS = 1000;
    private static final String VALUE = "v".repeat(64);

    /// What is done now and then, whoever asks (clocks, limits, statistics), is far less than this for so many requests.
    private static final double MOST_BYTES_PER_REQUEST = 1;

    @TempDir
    Path directory;

    @Test
    void aRedisRequestAllocatesNothing() throws Exception {
        requestsAllocateNothing(Language.REDIS, 1);
    }

    @Test
    void aPipelinedRedisRequestAllocatesNothing() throws Exception {
        requestsAllocateNothing(Language.REDIS, 16);
    }

    @Test
    void aMemcacheRequestAllocatesNothing() throws Exception {
        requestsAllocateNothing(Language.MEMCACHE, 1);
    }

    @Test
    void aPipelinedMemcacheRequestAllocatesNothing() throws Exception {
        requestsAllocateNothing(Language.MEMCACHE, 16);
    }

    @Test
    void aRequestThatMightBeSlowAllocatesNothing() throws Exception {
        requestsAllocateNothing(Language.REDIS, 16, "slow_log_threshold: 60000");
    }

    private void requestsAllocateNothing(Language language, int pipeline, String... settings) throws Exception {
        try (RealServers<?> servers = language.servers(3)) {
            var file = PoolsFile.of(servers.yaml("alpha", settings));
            Path written = Files.writeString(directory.resolve("nutcracker.yml"), file.yaml());
            try (var cashew = PackagedCashew.startAsShipped(directory, "-c", written.toString()).awaitReady();
                    var allocation = EventLoopAllocation.of(cashew.pid())) {
                List<ProtocolClient> clients =
                        Stream.generate(() -> language.connect(file.port("alpha"))).limit(CLIENTS).toList();
                try {
                    Awaitility.await("requests that allocate nothing")
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(1))
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> bytesPerRequest(allocation, language, clients, pipeline),
                                    bytes -> bytes <= MOST_BYTES_PER_REQUEST);
                } finally {
                    clients.forEach(ProtocolClient::close);
                }
            }
        }
    }

    private static double bytesPerRequest(
            EventLoopAllocation allocation, Language language, List<ProtocolClient> clients, int pipeline) throws IOException {
        long before = allocation.bytes();
        ask(language, clients, pipeline);
        return (double) (allocation.bytes() - before) / REQUESTS;
    }

    /// Every key is set and then read, by all clients at the same time.
    private static void ask(Language language, List<ProtocolClient> clients, int pipeline) {
        int key = 0;
        for (int asked = 0; asked < REQUESTS; asked += pipeline * clients.size()) {
            boolean set = key / KEYS % 2 == 0;
            var requests = new StringBuilder();
            var expected = new ArrayList<String>();
            for (int i = 0; i < pipeline; i++, key++) {
                String name = "key" + key % KEYS;
                requests.append(set ? language.set(name, VALUE) : language.get(name));
                expected.add(set ? language.stored() : language.found(name, VALUE));
            }
            clients.forEach(client -> client.send(requests.toString()));
            for (ProtocolClient client : clients) {
                for (String reply : expected) {
                    // Not an assertion of the library: this is asked hundreds of thousands of times.
                    if (!client.reply().equals(reply)) {
                        throw new AssertionError("expected " + reply);
                    }
                }
            }
        }
    }
}
