package io.cashew;

import io.cashew.admin.StatisticsPort;
import io.cashew.config.Options;
import io.cashew.pool.RunningPools;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Optional;

/// The entry: options, then configuration, pools and event loops through [RunningPools], then the drain when the process
/// is told to end.
///
/// What nutcracker's options say is handed to Quarkus as system properties, so that it is overridden and inspected like
/// everything else.
@QuarkusMain
public class Cashew implements QuarkusApplication {
    @Inject
    RunningPools pools;

    @Inject
    StatisticsPort statistics;

    public static void main(String... args) {
        resolveNamesAnew();
        switch (Options.parse(args, System.err)) {
            case Options.Outcome.Exit(int code) -> System.exit(code);
            case Options.Outcome.Run(Options options) -> run(options, args);
        }
    }

    @Override
    public int run(String... args) {
        Optional<String> problem = pools.problem().or(statistics::problem);
        if (problem.isPresent()) {
            problem.get().lines().forEach(System.err::println);
            return 1;
        }
        Quarkus.waitForExit();
        return 0;
    }

    private static void run(Options options, String... args) {
        options.configFile().ifPresent(file -> System.setProperty("cashew.config-file", file.toString()));
        options.statsPort().ifPresent(port -> System.setProperty("cashew.statistics.port", Integer.toString(port)));
        options.statsAddress().ifPresent(address -> System.setProperty("cashew.statistics.address", address));
        options.output().ifPresent(file -> {
            System.setProperty("quarkus.log.file.enabled", "true");
            System.setProperty("quarkus.log.file.path", file.toString());
            System.setProperty("quarkus.log.console.enabled", "false");
        });
        level(options.verbosity()).ifPresent(level -> System.setProperty("quarkus.log.category.\"io.cashew\".level", level));
        options.pidFile().ifPresent(Cashew::writePid);
        endWellWhenTold();
        Quarkus.run(Cashew.class, args);
    }

    /// The JVM remembers addresses for 30 seconds, and in some installations for ever; pools decide themselves how often they
    /// ask for the names of their servers. It reads this once, when the first name is resolved.
    private static void resolveNamesAnew() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    /// Being told to end is the regular end of a service: SIGTERM runs the same shutdown as ever and leaves with 0, where
    /// the JVM on its own would leave with 143, which service managers take for a failure.
    private static void endWellWhenTold() {
        try {
            // By name, because the compiler warns of every mention of these types, and offers nothing in their place.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object exit = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, given) -> {
                System.exit(0);
                return null;
            });
            Object terminate = signal.getConstructor(String.class).newInstance("TERM");
            signal.getMethod("handle", signal, handler).invoke(null, terminate, exit);
        } catch (ReflectiveOperationException notThisRuntime) {
            // Then it is 143, and nothing else is different.
        }
    }

    /// nutcracker's levels: 0 to 3 are errors and worse, 4 warnings, 5 notices, 6 information, from 7 on debugging. Its
    /// default, 5, leaves the level to Quarkus configuration.
    private static Optional<String> level(int verbosity) {
        return switch (verbosity) {
            case 0, 1, 2, 3 -> Optional.of("ERROR");
            case 4 -> Optional.of("WARN");
            case 5 -> Optional.empty();
            case 6 -> Optional.of("INFO");
            default -> Optional.of(verbosity < 11 ? "DEBUG" : "TRACE");
        };
    }

    private static void writePid(Path file) {
        try {
            Files.writeString(file, Long.toString(ProcessHandle.current().pid()));
        } catch (IOException cause) {
            System.err.println("nutcracker: opening pid file '" + file + "' failed: " + cause.getMessage());
            System.exit(1);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException cause) {
                System.err.println("nutcracker: removing pid file '" + file + "' failed: " + cause.getMessage());
            }
        }));
    }
}
