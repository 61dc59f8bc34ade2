package io.cashew.dev;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a redis-server to run comes from: the PATH, else the binaries that the dependency `org.signal:embedded-redis`
/// carries for Linux and macOS, which are linked statically and need nothing else on the machine.
final class RedisBinary {
    private static final String NAME = "redis-server";
    private static final String BUNDLED = NAME + "-7.0.15-";

    private RedisBinary() {}

    /// The binary; a bundled one is unpacked into `directory`.
    static Path find(Path directory) throws IOException {
        Optional<Path> installed = onPath(System.getenv().getOrDefault("PATH", ""));
        return installed.isPresent() ? installed.get() : unpack(directory);
    }

    private static Optional<Path> onPath(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, NAME))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path unpack(Path directory) throws IOException {
        String resource = BUNDLED + platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        try (InputStream bytes = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource)) {
            if (bytes == null) {
                throw new FileNotFoundException("no " + NAME + " in PATH, and no " + resource + " comes with Cashew");
            }
            Path binary = directory.resolve(NAME);
            Files.copy(bytes, binary);
            return Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static String platform(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : system.toLowerCase(Locale.ROOT);
        return os + "-" + (processor.equals("aarch64") ? "arm64" : processor.equals("x86_64") ? "amd64" : processor);
    }
}
