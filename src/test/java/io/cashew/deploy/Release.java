package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.stream.Stream;

/// What one `apply` brings to a cluster.
record Release(String name, List<HasMetadata> objects) {
    /// Every document of `yaml` is an object of Kubernetes.
    static Release of(String name, String yaml) {
        return new Release(name, Yaml.documents(yaml).stream().map(KubernetesModel::read).toList());
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T only(Class<T> type) {
        assertThat(all(type)).as("%s of %s", type.getSimpleName(), name).hasSize(1);
        return all(type).getFirst();
    }

    Deployment deployment() {
        return only(Deployment.class);
    }

    PodSpec pod() {
        return deployment().getSpec().getTemplate().getSpec();
    }

    /// The container that Cashew runs in, wherever it stands.
    Container cashew() {
        return containers().filter(container -> container.getName().equals("cashew")).findFirst().orElseThrow();
    }

    Stream<Container> containers() {
        return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream());
    }

    /// Names of the ports of all containers.
    List<String> portNames() {
        return containers().flatMap(container -> container.getPorts().stream()).map(ContainerPort::getName).toList();
    }

    /// What any ConfigMap has under `key`.
    Stream<String> configured(String key) {
        return all(ConfigMap.class).stream()
                .filter(map -> map.getData() != null && map.getData().containsKey(key))
                .map(map -> map.getData().get(key));
    }

    @Override
    public String toString() {
        return name;
    }
}
