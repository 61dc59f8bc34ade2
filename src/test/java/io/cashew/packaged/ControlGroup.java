package io.cashew.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// A control group of Linux, as a container has one, of either version. Processes are put in by writing their id to [#processes()].
final class ControlGroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int PERIOD_MICROS = 100_000;

    private final List<Path> directories;
    private final Path killed;

    private ControlGroup(List<Path> directories, Path killed) {
        this.directories = directories;
        this.killed = killed;
    }

    /// An empty group of at most so many bytes of memory, what the kernel keeps for it included, and so many processors' time.
    ///
    /// @throws IOException if this machine does not let us
    static ControlGroup of(long bytes, int processors) throws IOException {
        String name = "cashew-" + UUID.randomUUID();
        String quota = String.valueOf(processors * PERIOD_MICROS);
        if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
            Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+memory +cpu");
            Path group = Files.createDirectory(ROOT.resolve(name));
            Files.writeString(group.resolve("memory.max"), String.valueOf(bytes));
            Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
            return new ControlGroup(List.of(group), group.resolve("memory.events"));
        }
        Path memory = Files.createDirectory(ROOT.resolve("memory").resolve(name));
        Path cpu = Files.createDirectory(ROOT.resolve("cpu").resolve(name));
        Files.writeString(memory.resolve("memory.limit_in_bytes"), String.valueOf(bytes));
        Files.writeString(cpu.resolve("cpu.cfs_quota_us"), quota);
        return new ControlGroup(List.of(memory, cpu), memory.resolve("memory.oom_control"));
    }

    List<Path> processes() {
        return directories.stream().map(directory -> directory.resolve("cgroup.procs")).toList();
    }

    /// How many processes were killed because the memory was not enough.
    int killed() {
        try (var lines = Files.lines(killed)) {
            return lines.filter(line -> line.startsWith("oom_kill ")).mapToInt(line -> Integer.parseInt(line.split(" ")[1])).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// To be called when no process is in it any more.
    @Override
    public void close() throws IOException {
        for (Path directory : directories) {
            Files.delete(directory);
        }
    }
}
