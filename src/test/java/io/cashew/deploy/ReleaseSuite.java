package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cashew.config.ListenAddress;
import io.cashew.config.NutcrackerFile;
import io.cashew.config.Options;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.Route;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What has to hold for everything that can be applied to a cluster, whoever put it together.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReleaseSuite {
    private static final JsonNode APPLICATION = Yaml.file(Path.of("src/main/resources/application.yaml"));

    abstract Stream<Release> releases();

    @ParameterizedTest
    @MethodSource("releases")
    void poolsAreAcceptedAndTheirPortsAreThoseOfTheContainer(Release release, @TempDir Path directory) throws IOException {
        List<Integer> listening = pools(release, directory).stream().flatMap(ReleaseSuite::portsReachedFromOutside).toList();

        assertThat(release.cashew().getPorts().stream()
                        .filter(port -> !List.of("http", "management").contains(port.getName()))
                        .map(ContainerPort::getContainerPort))
                .containsExactlyInAnyOrderElementsOf(listening);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void entriesOfTheTlsRegistryAreWrittenAndTheirFilesAreMounted(Release release, @TempDir Path directory) throws IOException {
        JsonNode application = Yaml.documents(release.configured("application.yaml").findFirst().orElseThrow()).getFirst();
        List<String> mounted = release.cashew().getVolumeMounts().stream().map(VolumeMount::getMountPath).toList();

        assertThat(pools(release, directory).stream().flatMap(pool -> pool.tls().entry().stream())).allSatisfy(entry -> {
            JsonNode pem = application.at("/quarkus/tls/" + entry + "/key-store/pem/1");
            assertThat(List.of(pem.path("cert").asText(), pem.path("key").asText()))
                    .allSatisfy(file -> assertThat(mounted).anyMatch(path -> file.startsWith(path + "/")));
        });
    }

    private static List<PoolConfig> pools(Release release, Path directory) throws IOException {
        String yaml = release.configured("nutcracker.yml").collect(Collectors.joining());
        Reading reading = NutcrackerFile.read(Files.writeString(directory.resolve("nutcracker.yml"), yaml));
        assertThat(reading).isInstanceOfSatisfying(
                Reading.Accepted.class, accepted -> assertThat(accepted.warnings()).isEmpty());
        return ((Reading.Accepted) reading).pools();
    }

    private static Stream<Integer> portsReachedFromOutside(PoolConfig pool) {
        return Stream.concat(Stream.of(pool.listen()), pool.tls().listen().stream())
                .map(ListenAddress.Tcp.class::cast)
                .filter(address -> !address.resolved().isLoopbackAddress())
                .map(ListenAddress.Tcp::port);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void argumentsAreOptionsOfCashew(Release release) {
        String[] arguments = release.cashew().getArgs().toArray(String[]::new);

        var outcome = Options.parse(arguments, new PrintStream(PrintStream.nullOutputStream()));

        assertThat(outcome).isInstanceOfSatisfying(Options.Outcome.Run.class, run ->
                assertThat(run.options().configFile()).hasValue(Path.of("/etc/cashew/nutcracker.yml")));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void probesAskTheManagementPortThreeDifferentQuestions(Release release) {
        Container cashew = release.cashew();

        assertThat(Stream.of(cashew.getStartupProbe(), cashew.getLivenessProbe(), cashew.getReadinessProbe())
                        .map(Probe::getHttpGet)
                        .map(HTTPGetAction::getPath))
                .containsExactly("/q/health/started", "/q/health/live", "/q/health/ready");
        assertThat(Stream.of(cashew.getStartupProbe(), cashew.getLivenessProbe(), cashew.getReadinessProbe())
                        .map(probe -> probe.getHttpGet().getPort().getStrVal()))
                .containsOnly("management");
        assertThat(portOf(cashew, "management")).isEqualTo(APPLICATION.at("/quarkus/management/port").asInt());
    }

    @ParameterizedTest
    @MethodSource("releases")
    void thePodNeedsNoPrivilege(Release release) {
        var pod = release.pod();

        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(release.containers()).allSatisfy(container -> {
            var context = container.getSecurityContext();
            assertThat(context.getAllowPrivilegeEscalation()).isFalse();
            assertThat(context.getReadOnlyRootFilesystem()).isTrue();
            assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(context.getCapabilities().getAdd()).isEmpty();
            assertThat(context.getPrivileged()).isNull();
            assertThat(container.getResources().getLimits()).containsKey("memory");
        });
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getVolumes()).noneMatch(volume -> volume.getHostPath() != null);
    }

    /// OpenShift's restricted-v2 draws a user and a group itself, and lets in no pod that wants another.
    @ParameterizedTest
    @MethodSource("releases")
    void cashewRunsAsWhateverUserItIsGiven(Release release) {
        assertThat(release.pod().getSecurityContext().getRunAsUser()).isNull();
        assertThat(release.pod().getSecurityContext().getFsGroup()).isNull();
        assertThat(release.cashew().getSecurityContext().getRunAsUser()).isNull();
        assertThat(release.cashew().getSecurityContext().getRunAsGroup()).isNull();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whatIsMountedIsThere(Release release) {
        List<String> volumes = release.pod().getVolumes().stream().map(Volume::getName).toList();
        List<String> maps = names(release, ConfigMap.class);

        assertThat(release.containers().flatMap(container -> container.getVolumeMounts().stream()))
                .allSatisfy(mount -> assertThat(mount.getSubPath()).as("a file mounted so never changes").isNull())
                .extracting(VolumeMount::getName)
                .containsExactlyInAnyOrderElementsOf(volumes);
        assertThat(release.pod().getVolumes().stream().flatMap(ReleaseSuite::configMapNames)).isNotEmpty().isSubsetOf(maps);
    }

    private static Stream<String> configMapNames(Volume volume) {
        if (volume.getProjected() != null) {
            return volume.getProjected().getSources().stream()
                    .map(VolumeProjection::getConfigMap)
                    .filter(map -> map != null)
                    .map(map -> map.getName());
        }
        return Stream.ofNullable(volume.getConfigMap()).map(map -> map.getName());
    }

    @ParameterizedTest
    @MethodSource("releases")
    void everySelectorFindsThePods(Release release) {
        Map<String, String> labels = release.deployment().getSpec().getTemplate().getMetadata().getLabels();
        List<Map<String, String>> selectors = new ArrayList<>();
        selectors.add(release.deployment().getSpec().getSelector().getMatchLabels());
        release.pod().getTopologySpreadConstraints()
                .forEach(constraint -> selectors.add(constraint.getLabelSelector().getMatchLabels()));
        release.all(Service.class).forEach(service -> selectors.add(service.getSpec().getSelector()));
        release.all(PodDisruptionBudget.class).forEach(budget -> selectors.add(budget.getSpec().getSelector().getMatchLabels()));
        release.all(NetworkPolicy.class).forEach(policy -> selectors.add(policy.getSpec().getPodSelector().getMatchLabels()));

        assertThat(selectors).allSatisfy(selector -> {
            assertThat(selector).isNotEmpty();
            assertThat(labels).containsAllEntriesOf(selector);
        });
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whateverNamesAnotherObjectNamesOneThatIsThere(Release release) {
        assertThat(release.all(HorizontalPodAutoscaler.class).stream()
                .map(scaler -> scaler.getSpec().getScaleTargetRef().getName()))
                .isSubsetOf(release.deployment().getMetadata().getName());
        assertThat(Stream.ofNullable(release.pod().getServiceAccountName())).isSubsetOf(names(release, ServiceAccount.class));
        assertThat(release.all(Service.class).stream()
                        .flatMap(service -> service.getSpec().getPorts().stream())
                        .map(port -> port.getTargetPort().getStrVal()))
                .isSubsetOf(release.portNames());
        assertThat(release.all(NetworkPolicy.class).stream()
                        .flatMap(policy -> policy.getSpec().getIngress().stream())
                        .map(NetworkPolicyIngressRule::getPorts)
                        .flatMap(List::stream)
                        .map(NetworkPolicyPort::getPort)
                        .map(port -> port.getStrVal()))
                .isSubsetOf(release.portNames());
        for (Route route : release.all(Route.class)) {
            Service service = named(release, Service.class, route.getSpec().getTo().getName());
            assertThat(service.getSpec().getPorts()).extracting(ServicePort::getName)
                    .contains(route.getSpec().getPort().getTargetPort().getStrVal());
            assertThat(route.getSpec().getTls().getTermination()).isEqualTo("passthrough");
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whatIsScrapedIsTheManagementPortAndTheJobIsTheOneOfTheAlerts(Release release) {
        for (ServiceMonitor monitor : release.all(ServiceMonitor.class)) {
            List<Service> services = release.all(Service.class).stream()
                    .filter(service -> service.getMetadata().getLabels().entrySet()
                            .containsAll(monitor.getSpec().getSelector().getMatchLabels().entrySet()))
                    .toList();

            assertThat(services).hasSize(1);
            assertThat(services.getFirst().getSpec().getPorts()).extracting(ServicePort::getName)
                    .contains(monitor.getSpec().getEndpoints().getFirst().getPort());
            assertThat(services.getFirst().getMetadata().getLabels())
                    .containsEntry(monitor.getSpec().getJobLabel(), "cashew");
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void alertsAndBoardAreTheOnesOfTheProject(Release release) {
        for (PrometheusRule rule : release.all(PrometheusRule.class)) {
            assertThat(rule.getSpec().getGroups().stream().flatMap(group -> group.getRules().stream()))
                    .extracting(alert -> alert.getExpr().getStrVal())
                    .containsExactlyElementsOf(Watched.ofAlerts().map(PromQl::text).toList());
        }
        assertThat(release.configured("cashew.json")).allSatisfy(board ->
                assertThat(board.strip()).isEqualTo(Yaml.read(BoardTest.BOARD).strip()));
    }

    private static int portOf(Container container, String name) {
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow();
    }

    private static <T extends HasMetadata> List<String> names(Release release, Class<T> type) {
        return release.all(type).stream().map(object -> object.getMetadata().getName()).toList();
    }

    private static <T extends HasMetadata> T named(Release release, Class<T> type, String name) {
        return release.all(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(release + " has no " + type.getSimpleName() + " " + name));
    }
}
