package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Language;
import io.cashew.fixture.ProxyUnderTest;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every reply belongs to its request, also when many clients have many requests under way on the same server connections.
@Timeout(60)
abstract class MixedTrafficSuite {
    private static final int CLIENTS = 50;

    private final Language language;
    private final int requestsPerClient;

    MixedTrafficSuite(Language language, int requestsPerClient) {
        this.language = language;
        this.requestsPerClient = requestsPerClient;
    }

    abstract ModelledClient client(String name, int port, long seed);

    @Test
    void allMixedRequestsOfFiftyPipeliningClientsAreAnsweredAsTheirModelsSay() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        try (var servers = language.servers(3);
                var proxy = ProxyUnderTest.with(servers.yaml("pool"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<ModelledClient>();
            var runs = new ArrayList<Callable<Void>>();
            for (int i = 0; i < CLIENTS; i++) {
                var client = client("c" + i, proxy.port("pool"), seed + i);
                clients.add(client);
                runs.add(() -> {
                    client.run(requestsPerClient);
                    return null;
                });
            }

            for (Future<Void> run : threads.invokeAll(runs)) {
                run.get();
            }

            assertThat(clients.stream().mapToLong(ModelledClient::answered).sum())
                    .isEqualTo((long) CLIENTS * requestsPerClient);
            assertThat(servers.size())
                    .as("keys on the servers, seed %d", seed)
                    .isEqualTo(clients.stream().mapToLong(ModelledClient::keys).sum());
        }
    }
}
