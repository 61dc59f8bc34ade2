package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every reply belongs to its request, also when many clients have many requests under way on the same server connections.
@Timeout(60)
class MixedTrafficTest {
    private static final int CLIENTS = 50;
    private static final int REQUESTS_PER_CLIENT = 20_000;

    @Test
    void aMillionMixedRequestsOfFiftyPipeliningClientsAreAnsweredAsTheirModelsSay() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        try (var servers = RedisServers.start(3);
                var proxy = ProxyUnderTest.with(servers.yaml("pool"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<ModelledClient>();
            var runs = new ArrayList<Callable<Void>>();
            for (int i = 0; i < CLIENTS; i++) {
                var client = new ModelledClient("c" + i, proxy.port("pool"), seed + i);
                clients.add(client);
                runs.add(() -> {
                    client.run(REQUESTS_PER_CLIENT);
                    return null;
                });
            }

            for (Future<Void> run : threads.invokeAll(runs)) {
                run.get();
            }

            assertThat(clients.stream().mapToLong(ModelledClient::answered).sum())
                    .isEqualTo((long) CLIENTS * REQUESTS_PER_CLIENT);
            assertThat(servers.size())
                    .as("keys on the servers, seed %d", seed)
                    .isEqualTo(clients.stream().mapToLong(ModelledClient::keys).sum());
        }
    }
}
