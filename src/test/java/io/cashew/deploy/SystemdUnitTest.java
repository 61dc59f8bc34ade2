package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.config.Options;
import io.cashew.fixture.Tool;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdUnitTest {
    private static final Path UNIT = Path.of("deploy/systemd/cashew.service");

    /// In tenths; systemd calls everything from 50 on exposed.
    private static final int EXPOSURE = 15;

    @Test
    void systemdAcceptsIt(@TempDir Path directory) throws IOException {
        // Looks whether the programs are there, too, and where Java is differs from machine to machine
        Path unit = Files.writeString(directory.resolve("cashew.service"),
                Yaml.read(UNIT).replace("/usr/bin/java", "/bin/sh").replace("/bin/kill", "/bin/sh"));

        Tool verify = systemdAnalyze("verify", "--man=no", unit.toString());

        assertThat(verify.output()).isEmpty();
        assertThat(verify.exitCode()).isZero();
    }

    @Test
    void systemdFindsLittleToExploitInIt() {
        Tool security = systemdAnalyze("security", "--offline=true", "--threshold=" + EXPOSURE, UNIT.toString());

        assertThat(security.exitCode()).as(security.output()).isZero();
    }

    @Test
    void itStartsWhatTheContainerStarts() {
        List<String> command = List.of(value("ExecStart").split(" "));
        int jar = command.indexOf("-jar");

        assertThat(Yaml.read(Path.of("deploy/Containerfile.jvm")))
                .contains("ENTRYPOINT [\"java\", \"" + String.join("\", \"", command.subList(1, jar + 2)) + "\"]");
        assertThat(Options.parse(command.subList(jar + 2, command.size()).toArray(String[]::new),
                        new PrintStream(PrintStream.nullOutputStream())))
                .isInstanceOf(Options.Outcome.Run.class);
    }

    @Test
    void reloadIsAHangup() {
        assertThat(value("ExecReload")).isEqualTo("/bin/kill -HUP $MAINPID");
    }

    @Test
    void theJournalIsForPeople() {
        assertThat(value("Environment")).isEqualTo("CASHEW_LOG_JSON=false");
    }

    private static String value(String key) {
        return Yaml.read(UNIT).lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static Tool systemdAnalyze(String... arguments) {
        return Tool.run("systemd-analyze", "systemd", new byte[0], arguments);
    }
}
