package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cashew.config.NutcrackerFile;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.cashew.config.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeTest {
    private static final Path FILE = Path.of("deploy/compose.yaml");
    private static final JsonNode COMPOSE = Yaml.file(FILE);
    private static final Map<String, JsonNode> SERVICES =
            COMPOSE.get("services").propertyStream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    /// The keys of the Compose specification that this file has use for.
    private static final Set<String> KEYS = Set.of(
            "image", "build", "command", "configs", "ports", "volumes", "environment", "depends_on", "read_only", "tmpfs",
            "cap_drop", "security_opt", "mem_limit", "cpus", "stop_grace_period", "restart");

    @Test
    void servicesAreWrittenAsComposeReadsThem() {
        assertThat(COMPOSE.fieldNames()).toIterable().containsExactlyInAnyOrder("name", "services", "configs");
        assertThat(SERVICES.values()).allSatisfy(service -> {
            assertThat(service.fieldNames()).toIterable().isSubsetOf(KEYS);
            assertThat(service.has("image")).isNotEqualTo(service.has("build"));
        });
    }

    @Test
    void whatIsNeededIsThere() {
        assertThat(SERVICES.values().stream().flatMap(service -> service.path("depends_on").valueStream()).map(JsonNode::asText))
                .isNotEmpty()
                .isSubsetOf(SERVICES.keySet());
        assertThat(SERVICES.values().stream()
                        .flatMap(service -> service.path("volumes").valueStream())
                        .map(volume -> FILE.resolveSibling(volume.asText().split(":")[0])))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source).exists());
        JsonNode build = SERVICES.get("cashew").get("build");
        assertThat(FILE.resolveSibling(build.get("context").asText()).resolve(build.get("dockerfile").asText())).isRegularFile();
        assertThat(SERVICES.get("cashew").at("/configs/0/source").asText()).isIn(
                (Object[]) COMPOSE.get("configs").propertyStream().map(Map.Entry::getKey).toArray(String[]::new));
    }

    @Test
    void portsOfTheMachineAreTakenOnceAndNotOfferedToOthers() {
        Set<String> taken = new HashSet<>();

        assertThat(SERVICES.values().stream().flatMap(service -> service.path("ports").valueStream()).map(JsonNode::asText))
                .allSatisfy(port -> {
                    assertThat(port).startsWith("127.0.0.1:");
                    assertThat(taken.add(port.split(":")[1])).isTrue();
                });
    }

    @Test
    void poolsAreAcceptedAndTheirServersAreServices(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("nutcracker.yml"), COMPOSE.at("/configs/pools/content").asText());

        var pools = ((Reading.Accepted) NutcrackerFile.read(file)).pools();

        Set<String> servers = new TreeSet<>(SERVICES.keySet());
        servers.removeAll(Set.of("cashew", "prometheus", "grafana"));
        assertThat(pools.stream()
                        .flatMap(pool -> pool.servers().stream())
                        .map(server -> ((ServerAddress.Tcp) server.address()).host()))
                .containsExactlyInAnyOrderElementsOf(servers);
        assertThat(pools.stream().map(PoolConfig::listen).map(listen -> listen.text().replace("0.0.0.0:", "")))
                .allSatisfy(port -> assertThat(SERVICES.get("cashew").get("ports").toString()).contains(port + ":" + port));
    }

    @Test
    void prometheusScrapesTheManagementPort() {
        JsonNode application = Yaml.file(Path.of("src/main/resources/application.yaml"));
        JsonNode scrape = Yaml.file(Path.of("deploy/prometheus/prometheus.yaml")).at("/scrape_configs/0");

        assertThat(scrape.at("/static_configs/0/targets/0").asText())
                .isEqualTo("cashew:" + application.at("/quarkus/management/port").asInt());
        assertThat(List.of(scrape.get("job_name").asText(), scrape.get("metrics_path").asText()))
                .containsExactly("cashew", "/q/metrics");
    }

    @Test
    void grafanaFindsItsBoardAndItsSource() {
        JsonNode provider = Yaml.file(Path.of("deploy/grafana/provisioning/dashboards/cashew.yaml")).at("/providers/0");
        JsonNode source = Yaml.file(Path.of("deploy/grafana/provisioning/datasources/prometheus.yaml")).at("/datasources/0");
        JsonNode grafana = SERVICES.get("grafana");

        assertThat(grafana.get("volumes").toString()).contains(provider.at("/options/path").asText() + "/cashew.json");
        assertThat(source.get("type").asText()).isEqualTo("prometheus");
        assertThat(source.get("url").asText()).isEqualTo("http://prometheus:9090");
    }
}
