package io.cashew.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.deploy.Watched;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What alerts and board ask for is there to be scraped, the meters of the process among it.
@QuarkusTest
@WithTestResource(SeenPools.class)
class WatchedMetricsTest {
    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    @Test
    void everythingThatIsWatchedIsScraped() {
        // Pauses have a meter after the first one
        System.gc();

        Awaitility.await().untilAsserted(() -> assertThat(Management.scrape(metrics).keySet().stream()
                        .map(sample -> sample.replaceFirst("\\{.*", ""))
                        .collect(Collectors.toSet()))
                .containsAll(Watched.metrics()));
    }
}
