package io.cashew.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What `helm install` would apply, put together by Helm itself.
class HelmReleasesTest extends ReleaseSuite {
    static final Path CHART = Path.of("deploy/helm/cashew");

    @Override
    Stream<Release> releases() {
        return Stream.of(
                template("nothing set", command -> command),
                template("monitored", command -> command
                        .set("serviceMonitor.enabled", true)
                        .set("prometheusRule.enabled", true)
                        .set("dashboard.enabled", true)
                        .set("networkPolicy.enabled", true)
                        .set("autoscaling.enabled", true)),
                template("OpenShift", command ->
                        command.withValuesFile(Path.of("src/test/resources/io/cashew/deploy/openshift.yaml"))));
    }

    static Release template(String name, UnaryOperator<TemplateCommand> settings) {
        var command = new Helm(CHART).template().withName("sessions").withNamespace("shop");
        return Release.of(name, settings.apply(command).call());
    }
}
