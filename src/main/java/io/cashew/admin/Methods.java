package io.cashew.admin;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Which methods a path has, as the resources' annotations say. The framework knows it of a resource only, of all its paths
/// together.
@RegisterForReflection(targets = {
    IndexResource.class, PoolsResource.class, ClientsResource.class, SlowLogResource.class, ConfigurationResource.class,
    EventsResource.class, LogLevelsResource.class, ReloadResource.class
})
final class Methods {
    /// All that serve REST.
    static final List<Class<?>> RESOURCES =
            List.of(Methods.class.getAnnotation(RegisterForReflection.class).targets());

    private static final List<Operation> OPERATIONS = RESOURCES.stream().flatMap(Methods::operations).toList();

    private Methods() {}

    /// One method of one path, whose segments may be `{names}`.
    record Operation(String method, String path) {
        private boolean isAt(String asked) {
            String[] segments = path.split("/");
            String[] given = asked.split("/");
            return segments.length == given.length
                    && Stream.iterate(0, i -> i < given.length, i -> i + 1)
                            .allMatch(i -> segments[i].equals(given[i]) || segments[i].startsWith("{") && !given[i].isEmpty());
        }
    }

    static List<Operation> all() {
        return OPERATIONS;
    }

    /// Those of `path`, as it is in the request line, in order of the alphabet; none if there is nothing.
    static Set<String> of(String path) {
        Set<String> methods = new TreeSet<>();
        OPERATIONS.stream().filter(operation -> operation.isAt(path)).map(Operation::method).forEach(methods::add);
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        if (!methods.isEmpty()) {
            methods.add(HttpMethod.OPTIONS);
        }
        return methods;
    }

    private static Stream<Operation> operations(Class<?> resource) {
        return Arrays.stream(resource.getMethods()).flatMap(method -> verb(method)
                .map(verb -> new Operation(verb, joined(path(resource), path(method)))));
    }

    private static Stream<String> verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(type -> type.getAnnotation(HttpMethod.class).value());
    }

    private static String path(AnnotatedElement annotated) {
        Path path = annotated.getAnnotation(Path.class);
        return path == null ? "" : path.value();
    }

    private static String joined(String above, String below) {
        return below.isEmpty() ? above : above + "/" + below;
    }
}
