package io.cashew.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.config.Options.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    @Test
    void everyOptionHasItsDefault() {
        assertThat(options()).isEqualTo(new Options(5, Optional.empty(), Optional.empty(), OptionalInt.empty(),
                Optional.empty(), Duration.ofSeconds(30), Optional.empty(), 16384));
        assertThat(said()).isEmpty();
    }

    @Test
    void everyOptionIsMapped() {
        Options all = new Options(11, Optional.of(Path.of("o")), Optional.of(Path.of("c")), OptionalInt.of(1),
                Optional.of("/run/stats"), Duration.ZERO, Optional.of(Path.of("p")), 512);

        assertThat(options("-v", "99", "-o", "o", "-c", "c", "-s", "1", "-a", "/run/stats", "-i", "0", "-p", "p", "-m",
                "512")).isEqualTo(all);
        assertThat(options("--verbose=11", "--output=o", "--conf-file=c", "--stats-port=1", "--stats-addr=/run/stats",
                "--stats-interval=0", "--pid-file=p", "--mbuf-size=512")).isEqualTo(all);
        assertThat(options("--verb", "11", "--out", "o", "--conf", "c", "--stats-p=1", "--stats-a", "/run/stats",
                "--stats-i", "0", "--pid", "p", "--mbuf", "512")).isEqualTo(all);
        assertThat(options("-v11", "-oo", "operand", "-cc", "-s0001", "-a/run/stats", "another", "-i0", "-pp", "-m512"))
                .isEqualTo(all);
    }

    @Test
    void theLastOfAnOptionCounts() {
        assertThat(options("-s", "1", "-s", "2").statsPort()).hasValue(2);
    }

    @Test
    void anEmptyLogFileMeansStandardError() {
        assertThat(options("-o", "").output()).isEmpty();
    }

    @Test
    void optionsBehindTwoDashesAreOperands() {
        assertThat(options("-s", "7", "--", "-s", "8").statsPort()).hasValue(7);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("option -v requires a number", new String[] {"-v"}),
                Arguments.of("option -s requires a number", new String[] {"-s"}),
                Arguments.of("option -i requires a number", new String[] {"-i"}),
                Arguments.of("option -s requires a number", new String[] {"--stats-port"}),
                Arguments.of("option -m requires a number", new String[] {"-m"}),
                Arguments.of("option -o requires a file name", new String[] {"-o"}),
                Arguments.of("option -c requires a file name", new String[] {"-t", "-c"}),
                Arguments.of("option -p requires a file name", new String[] {"-p"}),
                Arguments.of("option -a requires a string", new String[] {"-a"}),
                Arguments.of("option -v requires a number", new String[] {"-v", "-1"}),
                Arguments.of("option -v requires a number", new String[] {"-v", "loud"}),
                Arguments.of("option -s requires a number", new String[] {"-s", "-t"}),
                Arguments.of("option -s requires a number", new String[] {"-s", "0x10"}),
                Arguments.of("option -s requires a number", new String[] {"--stats-port="}),
                Arguments.of("option -s requires a number", new String[] {"-s", "4294967297"}),
                Arguments.of("option -i requires a number", new String[] {"-i", "+5"}),
                Arguments.of("option -s value 0 is not a valid port", new String[] {"-s", "0"}),
                Arguments.of("option -s value 65536 is not a valid port", new String[] {"-s", "65536"}),
                Arguments.of("option -m requires a non-zero number", new String[] {"-m", "many"}),
                Arguments.of("option -m requires a non-zero number", new String[] {"-m", "0"}),
                Arguments.of("mbuf chunk size must be between 512 and 16777216 bytes", new String[] {"-m", "511"}),
                Arguments.of("mbuf chunk size must be between 512 and 16777216 bytes", new String[] {"-m", "16777217"}),
                Arguments.of("invalid option -- 'z'", new String[] {"-z"}),
                Arguments.of("invalid option -- 'z'", new String[] {"-tz"}),
                Arguments.of("invalid option -- 'h'", new String[] {"--help=3"}),
                Arguments.of("invalid option -- 'frobnicate'", new String[] {"--frobnicate"}),
                Arguments.of("invalid option -- 'stats'", new String[] {"--stats"}),
                Arguments.of("option -s requires a number", new String[] {"-h", "-s", "x"}));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsOneLineThenTheUsageThenExitCodeOne(String line, String[] args) {
        assertThat(parse(args)).isEqualTo(new Outcome.Exit(1));
        assertThat(said()).startsWith("nutcracker: " + line + "\nUsage: cashew ");
    }

    @Test
    void versionIsTheBuildsVersion() {
        assertThat(parse("-V", "-t", "-d")).isEqualTo(new Outcome.Exit(0));
        assertThat(said()).matches("This is cashew-\\d+\\.\\d+\\.\\d+\\S* \\(compatible with nutcracker-0\\.5\\.0\\)\n\n");
    }

    @Test
    void helpShowsEveryOption() {
        assertThat(parse("--help")).isEqualTo(new Outcome.Exit(0));
        assertThat(said()).startsWith("This is cashew-").contains("-h, --help", "-V, --version", "-t, --test-conf",
                "-d, --daemonize", "-D, --describe-stats", "-v, --verbose", "-o, --output", "-c, --conf-file",
                "-s, --stats-port", "-a, --stats-addr", "-i, --stats-interval", "-p, --pid-file", "-m, --mbuf-size");
    }

    @Test
    void statisticsAreDescribedInNutcrackersLayout() {
        assertThat(parse("-D")).isEqualTo(new Outcome.Exit(0));
        assertThat(said()).contains("\npool stats:\n  client_eof          \"").contains("\n\nserver stats:\n  server_eof ")
                .endsWith("\"\n");
        assertThat(said().lines().filter(line -> line.matches(" {2}[a-z_ ]{20}\"[^\"]+\"")).count()).isEqualTo(19);
    }

    @Test
    void theBackgroundIsLeftToAServiceManager() {
        assertThat(parse("-d")).isEqualTo(new Outcome.Exit(1));
        assertThat(said()).startsWith("nutcracker: option -d is not supported").contains("systemd", "container");
    }

    @Test
    void aGoodConfigurationPassesTheTest() throws Exception {
        Path file = Files.writeString(directory.resolve("good.yml"), ReadingFixture.alpha());

        assertThat(parse("-t", "-c", file.toString())).isEqualTo(new Outcome.Exit(0));
        assertThat(said()).isEqualTo("nutcracker: configuration file '" + file + "' syntax is ok\n");
    }

    @Test
    void aBadConfigurationFailsTheTestWithItsReasonsAndOneFinalLine() throws Exception {
        Path file = Files.writeString(directory.resolve("bad.yml"), ReadingFixture.alpha("hash: fnv", "redis: 1"));

        assertThat(parse("-c", file.toString(), "--test")).isEqualTo(new Outcome.Exit(1));
        assertThat(said().lines()).hasSize(3).last()
                .isEqualTo("nutcracker: configuration file '" + file + "' syntax is invalid");
        assertThat(said()).contains("is not a valid hash", "is not \"true\" or \"false\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tc", "-t"})
    void aConfigurationThatIsNotThereFailsTheTest(String option) {
        String[] args = option.equals("-t") ? new String[] {"-t", "-c", "/nonexistent.yml"}
                : new String[] {option, "/nonexistent.yml"};

        assertThat(parse(args)).isEqualTo(new Outcome.Exit(1));
        assertThat(said()).contains("failed to open configuration '/nonexistent.yml': No such file or directory")
                .endsWith("nutcracker: configuration file '/nonexistent.yml' syntax is invalid\n");
    }

    private Options options(String... args) {
        Outcome outcome = parse(args);
        assertThat(outcome).as(said()).isInstanceOf(Outcome.Run.class);
        return ((Outcome.Run) outcome).options();
    }

    private Outcome parse(String... args) {
        return Options.parse(args, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
