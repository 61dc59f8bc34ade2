package io.cashew.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.BuildConfig;
import io.fabric8.openshift.api.model.ImageStream;
import io.fabric8.openshift.api.model.Route;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Objects of Kubernetes, OpenShift and the Prometheus operator, read with their types and strictly: a property that the type
/// does not have, at whatever depth, is a mistake.
final class KubernetesModel {
    private static final Map<String, Class<? extends HasMetadata>> TYPES = List.<Class<? extends HasMetadata>>of(
                    BuildConfig.class, ConfigMap.class, Deployment.class, HorizontalPodAutoscaler.class, ImageStream.class,
                    NetworkPolicy.class, PodDisruptionBudget.class, PrometheusRule.class, Route.class, Service.class,
                    ServiceAccount.class, ServiceMonitor.class)
            .stream()
            .collect(Collectors.toMap(
                    type -> HasMetadata.getApiVersion(type) + " " + HasMetadata.getKind(type), Function.identity()));

    private static final ObjectMapper STRICT = new ObjectMapper().setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
        @Override
        public Boolean hasAnySetter(Annotated member) {
            // The types keep what they do not know in a map
            return false;
        }
    });

    private KubernetesModel() {}

    static HasMetadata read(JsonNode object) {
        String type = object.path("apiVersion").asText() + " " + object.path("kind").asText();
        if (!TYPES.containsKey(type)) {
            throw new AssertionError("'" + type + "' is none of " + TYPES.keySet());
        }
        try {
            return STRICT.treeToValue(object, TYPES.get(type));
        } catch (JsonProcessingException e) {
            throw new AssertionError(type + " " + object.at("/metadata/name").asText() + ": " + e.getMessage(), e);
        }
    }
}
