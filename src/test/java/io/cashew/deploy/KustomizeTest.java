package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The files Kustomize puts together, without Kustomize: each is what it says, and each is used.
class KustomizeTest {
    private static final Path KUBERNETES = Path.of("deploy/kubernetes");

    static Stream<Path> kustomizations() throws IOException {
        try (var files = Files.walk(KUBERNETES)) {
            return Stream.concat(files.filter(file -> file.endsWith("kustomization.yaml")),
                    Stream.of(Path.of("deploy/grafana/kustomization.yaml"))).toList().stream();
        }
    }

    static Stream<Path> resources() throws IOException {
        return kustomizations().flatMap(file -> listed(file, "resources")).filter(Files::isRegularFile).distinct();
    }

    @ParameterizedTest
    @MethodSource("resources")
    void everyResourceIsAnObjectOfItsType(Path file) {
        assertThat(KubernetesModel.read(Yaml.file(file)).getMetadata().getName()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void whatAKustomizationNamesIsThere(Path file) {
        assertThat(Stream.concat(listed(file, "resources"), listed(file, "components")).map(KustomizeTest::fileOf))
                .allSatisfy(named -> assertThat(named).isRegularFile());
        assertThat(patches(file)).allSatisfy(patch -> assertThat(patch).isRegularFile());
        assertThat(generatedFrom(file)).allSatisfy(content -> assertThat(content).isRegularFile());
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everyFileBesideAKustomizationIsUsedByOne(Path file) throws IOException {
        Set<Path> used = new LinkedHashSet<>();
        kustomizations().forEach(kustomization -> {
            used.add(kustomization);
            Stream.of(listed(kustomization, "resources"), patches(kustomization), generatedFrom(kustomization))
                    .flatMap(files -> files)
                    .forEach(used::add);
        });

        try (var files = Files.list(file.getParent())) {
            assertThat(files.filter(Files::isRegularFile)).isSubsetOf(used);
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everyPatchHasATargetAndFitsIt(Path file) {
        for (JsonNode patch : Yaml.file(file).path("patches")) {
            JsonNode content = Yaml.file(file.resolveSibling(patch.get("path").asText()));
            JsonNode target = patch.path("target");
            if (content.isArray()) {
                assertThat(objects(file)).contains(target.get("kind").asText() + " " + target.get("name").asText());
            } else {
                var patched = KubernetesModel.read(content);
                if (target.isMissingNode()) {
                    assertThat(objects(file)).contains(patched.getKind() + " " + patched.getMetadata().getName());
                } else {
                    // A component, whose target is labelled by who uses it
                    assertThat(target.get("kind").asText()).isEqualTo(patched.getKind());
                    String[] label = target.get("labelSelector").asText().split("=");
                    assertThat(Yaml.file(KUBERNETES.resolve("sidecar/example.yaml")).at("/metadata/labels").path(label[0]).asText())
                            .isEqualTo(label[1]);
                }
            }
        }
    }

    @Test
    void theSidecarIsTheSameContainer() {
        Container alone = pod("base/deployment.yaml").getContainers().getFirst();
        Container beside = pod("sidecar/component/sidecar.yaml").getInitContainers().getFirst();

        assertThat(beside.getRestartPolicy()).isEqualTo("Always");
        assertThat(beside.getImage()).isEqualTo(alone.getImage());
        assertThat(beside.getArgs()).isEqualTo(alone.getArgs());
        assertThat(beside.getEnv()).isEqualTo(alone.getEnv());
        assertThat(beside.getStartupProbe()).isEqualTo(alone.getStartupProbe());
        assertThat(beside.getLivenessProbe()).isEqualTo(alone.getLivenessProbe());
        assertThat(beside.getReadinessProbe()).isEqualTo(alone.getReadinessProbe());
    }

    private static PodSpec pod(String file) {
        return ((Deployment) KubernetesModel.read(Yaml.file(KUBERNETES.resolve(file)))).getSpec().getTemplate().getSpec();
    }

    /// Kind and name of everything a kustomization brings, directly or through others.
    private static List<String> objects(Path kustomization) {
        List<String> objects = new ArrayList<>();
        Stream.concat(listed(kustomization, "resources"), listed(kustomization, "components")).forEach(named -> {
            if (Files.isDirectory(named)) {
                objects.addAll(objects(fileOf(named)));
            } else {
                JsonNode object = Yaml.file(named);
                objects.add(object.get("kind").asText() + " " + object.at("/metadata/name").asText());
            }
        });
        return objects;
    }

    private static Stream<Path> listed(Path kustomization, String key) {
        return texts(Yaml.file(kustomization).path(key)).map(name -> kustomization.resolveSibling(name).normalize());
    }

    private static Stream<Path> patches(Path kustomization) {
        return Yaml.file(kustomization).path("patches").valueStream()
                .map(patch -> kustomization.resolveSibling(patch.get("path").asText()).normalize());
    }

    private static Stream<Path> generatedFrom(Path kustomization) {
        return Yaml.file(kustomization).path("configMapGenerator").valueStream()
                .flatMap(generator -> texts(generator.path("files")))
                .map(name -> kustomization.resolveSibling(name).normalize());
    }

    private static Path fileOf(Path named) {
        return Files.isDirectory(named) ? named.resolve("kustomization.yaml") : named;
    }

    private static Stream<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText);
    }
}
