package io.cashew.deploy;

import io.cashew.fixture.Tool;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;

/// What `kubectl apply -k` would apply. Debian's kubectl is too old for components, so this runs where there is a newer one;
/// [KustomizeTest] needs none.
@EnabledIf("kubectlIsInstalled")
class KustomizeReleasesTest extends ReleaseSuite {
    static boolean kubectlIsInstalled() {
        return Tool.isInstalled("kubectl");
    }

    @Override
    Stream<Release> releases() {
        return Stream.of("base", "central", "sidecar", "openshift").map(overlay -> {
            Tool kubectl = Tool.run("kubectl", "kubernetes-client", new byte[0], "kustomize", "deploy/kubernetes/" + overlay);
            if (kubectl.exitCode() != 0) {
                throw new AssertionError(kubectl.output());
            }
            return Release.of(overlay, kubectl.output());
        });
    }
}
