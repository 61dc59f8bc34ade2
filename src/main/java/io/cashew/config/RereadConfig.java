package io.cashew.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Quarkus configuration as its files say it now. The framework reads them once, at the start; everything that is no file beside
/// the application stays as it was then.
public final class RereadConfig {
    /// As in `YamlConfigSource[source=file:/etc/cashew/application.yaml]`
    private static final Pattern FILE =
            Pattern.compile("(?<kind>Yaml|Properties)ConfigSource\\[source=(?<place>file:[^]]*)](?:.*)");

    private RereadConfig() {}

    /// The files that `running` was read from.
    static List<Path> files(SmallRyeConfig running) {
        return sources(running)
                .map(source -> FILE.matcher(source.getName()))
                .filter(Matcher::matches)
                .map(matcher -> Path.of(URI.create(matcher.group("place"))))
                .distinct()
                .toList();
    }

    private static Stream<ConfigSource> sources(SmallRyeConfig config) {
        return StreamSupport.stream(config.getConfigSources().spliterator(), false);
    }

    /// `running` with its files read anew. The exception is about one that cannot be read.
    public static SmallRyeConfig of(SmallRyeConfig running) throws IOException {
        List<ConfigSource> sources = new ArrayList<>();
        for (ConfigSource source : sources(running).toList()) {
            Matcher matcher = FILE.matcher(source.getName());
            sources.add(matcher.matches() ? reread(matcher, source.getOrdinal()) : source);
        }
        return new SmallRyeConfigBuilder()
                .withProfiles(running.getProfiles().reversed())
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(sources)
                .withMapping(CashewConfig.class)
                .withMappingIgnore(CashewConfig.POOLS + ".**")
                .build();
    }

    private static ConfigSource reread(Matcher file, int ordinal) throws IOException {
        URL place = URI.create(file.group("place")).toURL();
        return file.group("kind").equals("Yaml")
                ? new YamlConfigSource(place, ordinal)
                : new PropertiesConfigSource(place, ordinal);
    }

    /// What differs between `running` and `next` and takes effect only at a start: everything of Cashew's but the pools.
    public static List<ConfigProblem> notLive(SmallRyeConfig running, SmallRyeConfig next) {
        return Stream.concat(names(running), names(next))
                .filter(name -> name.startsWith(CashewConfig.PREFIX + ".") && !name.startsWith(CashewConfig.POOLS + "."))
                .distinct()
                .sorted()
                .filter(name -> !Objects.equals(running.getConfigValue(name).getValue(), next.getConfigValue(name).getValue()))
                .map(name -> new ConfigProblem(
                        String.valueOf(next.getConfigValue(name).getConfigSourceName()), OptionalInt.empty(), Optional.empty(),
                        Optional.of(name), Optional.empty(), "cannot change while Cashew runs",
                        "restart it, or write what was there before"))
                .toList();
    }

    private static Stream<String> names(SmallRyeConfig config) {
        return StreamSupport.stream(config.getPropertyNames().spliterator(), false);
    }
}
