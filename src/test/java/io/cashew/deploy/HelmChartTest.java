package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.cashew.config.Version;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelmChartTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void helmHasNothingToSayAboutTheChart() {
        var lint = new Helm(HelmReleasesTest.CHART).lint().strict().call();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
        // Helm would like the chart to have an icon
        assertThat(lint.getMessages()).allMatch(message -> message.contains("[INFO]"));
    }

    @Test
    void theChartIsOfThisCashew() {
        JsonNode chart = Yaml.file(HelmReleasesTest.CHART.resolve("Chart.yaml"));

        assertThat(chart.get("appVersion").asText()).isEqualTo(Version.current().replace("-SNAPSHOT", ""));
    }

    @Test
    void poolsMayComeFromASecret() {
        var release = HelmReleasesTest.template("secret pools", command -> command.set("nutcrackerSecret", "pools"));

        assertThat(release.configured("nutcracker.yml")).isEmpty();
        assertThat(release.pod().getVolumes().stream()
                        .filter(volume -> volume.getName().equals("config"))
                        .flatMap(volume -> volume.getProjected().getSources().stream())
                        .map(VolumeProjection::getSecret)
                        .filter(secret -> secret != null))
                .singleElement()
                .satisfies(secret -> assertThat(secret.getName()).isEqualTo("pools"));
    }

    @Test
    void theNumberOfPodsIsLeftToWhoeverScalesThem() {
        var fixed = HelmReleasesTest.template("fixed", command -> command.set("replicas", 2));
        var scaled = HelmReleasesTest.template("scaled", command -> command.set("autoscaling.enabled", true));

        assertThat(fixed.deployment().getSpec().getReplicas()).isEqualTo(2);
        assertThat(scaled.deployment().getSpec().getReplicas()).isNull();
    }

    @Test
    void helmItselfHoldsValuesAgainstTheSchema() {
        assertThatThrownBy(() -> HelmReleasesTest.template("wrong", command -> command.set("replicas", "many")))
                .hasMessageContaining("replicas");
    }

    @Test
    void theDefaultsFitTheSchema() throws IOException {
        assertThat(mistakes("{}")).isEmpty();
    }

    @Test
    void everyValueIsInTheSchemaAndHasADefault() throws IOException {
        JsonNode schema = JSON.readTree(HelmReleasesTest.CHART.resolve("values.schema.json").toFile());
        Set<String> described = new TreeSet<>();
        schema.get("properties").fieldNames().forEachRemaining(described::add);
        Set<String> set = new TreeSet<>(List.of("global"));
        values().fieldNames().forEachRemaining(set::add);

        assertThat(described).isEqualTo(set);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{replica: 3}",
        "{replicas: many}",
        "{replicas: -1}",
        "{image: {repository: ''}}",
        "{image: {pullPolicy: Sometimes}}",
        "{image: {digest: 'sha256:abc'}}",
        "{ports: []}",
        "{ports: [{name: redis}]}",
        "{ports: [{name: redis, port: 70000}]}",
        "{ports: [{name: a-name-that-is-too-long, port: 22121}]}",
        "{nutcracker: {alpha: {listen: '0.0.0.0:22121'}}}",
        "{tlsSecret: 'Not A Name'}",
        "{resources: {limits: {memory: plenty}}}",
        "{service: {type: Internal}}",
        "{podDisruptionBudget: {maxUnavailable: some}}",
        "{autoscaling: {cpu: 0}}",
        "{networkPolicy: {servers: []}}",
        "{networkPolicy: {client: []}}",
        "{serviceMonitor: {interval: often}}",
        "{route: {enabled: true}}",
        "{env: [{value: nameless}]}"
    })
    void whatIsNoValueIsRefused(String yaml) throws IOException {
        assertThat(mistakes(yaml)).isNotEmpty();
    }

    /// What the schema has against the chart's defaults with `yaml` on top.
    private static Set<ValidationMessage> mistakes(String yaml) throws IOException {
        ObjectNode values = values();
        overlay(values, Yaml.documents(yaml).getFirst());
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(JSON.readTree(HelmReleasesTest.CHART.resolve("values.schema.json").toFile()));
        return schema.validate(values);
    }

    private static ObjectNode values() {
        return (ObjectNode) Yaml.file(HelmReleasesTest.CHART.resolve("values.yaml"));
    }

    /// As Helm does it: objects are joined, everything else is replaced.
    private static void overlay(ObjectNode values, JsonNode given) {
        given.properties().forEach(entry -> {
            if (entry.getValue().isObject() && values.path(entry.getKey()).isObject()) {
                overlay((ObjectNode) values.get(entry.getKey()), entry.getValue());
            } else {
                values.set(entry.getKey(), entry.getValue());
            }
        });
    }
}
