package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.ProxyUnderTest;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every reply belongs to its request, also when many clients have many requests under way on the same server connections,
/// and many of these want no answer.
@Timeout(60)
class MemcacheMixedTrafficTest {
    private static final int CLIENTS = 50;
    private static final int REQUESTS_PER_CLIENT = 10_000;

    @Test
    void halfAMillionMixedRequestsOfFiftyPipeliningClientsAreAnsweredAsTheirModelsSay() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        try (var servers = MemcachedServers.start(3);
                var proxy = ProxyUnderTest.with(servers.yaml("pool"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<MemcacheModelledClient>();
            var runs = new ArrayList<Callable<Void>>();
            for (int i = 0; i < CLIENTS; i++) {
                var client = new MemcacheModelledClient("c" + i, proxy.port("pool"), seed + i);
                clients.add(client);
                runs.add(() -> {
                    client.run(REQUESTS_PER_CLIENT);
                    return null;
                });
            }

            for (Future<Void> run : threads.invokeAll(runs)) {
                run.get();
            }

            assertThat(clients.stream().mapToLong(MemcacheModelledClient::answered).sum())
                    .isEqualTo((long) CLIENTS * REQUESTS_PER_CLIENT);
            assertThat(servers.size())
                    .as("keys on the servers, seed %d", seed)
                    .isEqualTo(clients.stream().mapToLong(MemcacheModelledClient::keys).sum());
        }
    }
}
