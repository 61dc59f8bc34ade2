package io.cashew.benchmark;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.cashew.config.Version;
import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Fault;
import io.cashew.fixture.Fault.Corrupt;
import io.cashew.fixture.Fault.Cut;
import io.cashew.fixture.Fault.CutInsideReply;
import io.cashew.fixture.Fault.End;
import io.cashew.fixture.Fault.Latency;
import io.cashew.fixture.Fault.Rate;
import io.cashew.fixture.Fault.Silence;
import io.cashew.fixture.Fault.Slices;
import io.cashew.fixture.Fault.Stall;
import io.cashew.fixture.Fault.Way;
import io.cashew.fixture.FullBacklog;
import io.cashew.fixture.NutcrackerProxy;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What clients see of one fault after the other, through Cashew and through nutcracker, as a table in `docs/reliability.md`.
///
/// `./mvnw package -DskipTests && ./mvnw surefire:test -Dtest=FaultMatrix` measures all of it, in less than six minutes, and
/// writes the table; with `-Dcashew.matrix.rows=3,40` it measures these rows and prints them.
class FaultMatrix {
    static final Duration TIMEOUT = Duration.ofMillis(400);
    private static final Duration FAULT = Duration.ofMillis(1000);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String UNSENT = "32M";

    private static final Path DOCUMENT = Path.of("docs/reliability.md");
    private static final String BEGIN = "<!-- written by FaultMatrix -->\n";
    private static final String END = "<!-- end of what FaultMatrix writes -->\n";

    private interface Scenario {
        String figures(FaultStage stage) throws Exception;
    }

    private record Row(String fault, String promise, Scenario scenario) {}

    private static List<Row> rows() {
        var rows = new ArrayList<Row>();
        String own = "1, 3";
        rows.add(load("none", "", stage -> {}, stage -> {}));
        rows.add(load("server killed with `kill -9`, started again after 1 s", own, FaultScenarios::kill, stage -> {
            FaultScenarios.restart(stage);
            stage.fill();
        }));
        rows.add(load("server stopped (SIGSTOP) for 1 s", "1, 5", s -> s.server().pause(), s -> s.server().resume()));
        rows.add(load("server stopped for 0.2 s, less than the timeout", "1, 5",
                s -> {
                    s.server().pause();
                    Thread.sleep(200);
                    s.server().resume();
                },
                s -> {}));
        rows.add(load("server refuses connections for 1 s, all cut with RST", own,
                s -> {
                    s.relay().refuse();
                    s.relay().cut(End.RST);
                },
                s -> s.relay().accept()));
        rows.add(load("server accepts and says nothing for 1 s", "1, 5",
                s -> {
                    s.relay().afflictNew(new Silence());
                    s.relay().cut(End.FIN);
                },
                s -> {
                    s.relay().heal();
                    s.relay().cut(End.FIN);
                }));
        var backlog = new AtomicReference<FullBacklog>();
        rows.add(load("connections to the server end, its queue of new ones is full (SYN-SENT) for 1 s", "1, 5",
                s -> {
                    s.relay().refuse();
                    backlog.set(FullBacklog.on(s.relay().port()));
                    s.relay().cut(End.FIN);
                },
                s -> {
                    backlog.get().close();
                    s.relay().accept();
                }));
        rows.add(now("server connections end with FIN", own, new Cut(Way.TO_CLIENT, 0, End.FIN)));
        rows.add(now("server connections end with RST", own, new Cut(Way.TO_CLIENT, 0, End.RST)));
        rows.add(now("FIN inside a reply", own, new CutInsideReply(End.FIN)));
        rows.add(now("RST inside a reply", own, new CutInsideReply(End.RST)));
        rows.add(now("FIN behind the first byte of a reply", own, new Cut(Way.TO_CLIENT, 1, End.FIN)));
        rows.add(now("RST behind the seventh byte of a reply", own, new Cut(Way.TO_CLIENT, 7, End.RST)));
        rows.add(now("FIN inside a request on its way to the server", "2, 3", new Cut(Way.TO_SERVER, 10, End.FIN)));
        rows.add(now("RST inside a request on its way to the server", "2, 3", new Cut(Way.TO_SERVER, 10, End.RST)));
        rows.add(flapping("RST every 20 ms for 1 s", new Cut(Way.TO_CLIENT, 0, End.RST)));
        rows.add(flapping("FIN inside a reply every 20 ms for 1 s", new CutInsideReply(End.FIN)));
        rows.add(now("50 ms of latency each way for 1 s", "5",
                new Latency(Way.TO_CLIENT, Duration.ofMillis(50)), new Latency(Way.TO_SERVER, Duration.ofMillis(50))));
        rows.add(now("600 ms of latency for 1 s: every reply is too late", "1, 5",
                new Latency(Way.TO_CLIENT, Duration.ofMillis(600))));
        rows.add(now("20 kB/s from the server for 1 s", "5", new Rate(Way.TO_CLIENT, 20_000)));
        rows.add(now("replies arrive byte by byte for 1 s", "1", new Slices(Way.TO_CLIENT, 1)));
        rows.add(now("requests leave byte by byte for 1 s", "1", new Slices(Way.TO_SERVER, 1)));
        rows.add(now("replies stall for 1 s, without FIN or RST", "1, 7", new Stall(Way.TO_CLIENT, 0)));
        rows.add(now("requests stall for 1 s, without FIN or RST", "1, 7", new Stall(Way.TO_SERVER, 0)));
        rows.add(now("the first byte of a reply is another one", "1", new Corrupt(Way.TO_CLIENT, 0)));
        rows.add(new Row("`+` from an idle server, then 100 requests one by one", "1", s -> FaultScenarios.afterNoise(s, "+")));
        rows.add(new Row("`$5 CRLF ab` from an idle server, then 100 requests", "1",
                s -> FaultScenarios.afterNoise(s, "$5\r\nab")));
        rows.add(new Row("a whole reply from an idle server, then 100 requests", "1",
                s -> FaultScenarios.afterNoise(s, "+surplus\r\n")));
        rows.add(new Row("a reply comes twice, 100 requests one by one, 20 times over", "1", FaultScenarios::duplicated));
        rows.add(new Row("INCR while the server is killed 5 times (append-only file)", "2", FaultScenarios::killedWhileCounting));
        rows.add(new Row("INCR while connections are cut 100 times", "2", FaultScenarios::cutWhileCounting));
        rows.add(new Row("client ends its side behind 1,000 requests", "7",
                s -> FaultScenarios.halfClosed(s, s.others(), 1000, "")));
        rows.add(new Row("client ends its side inside request 11", "7",
                s -> FaultScenarios.halfClosed(s, s.others(), 10, "*2\r\n$3\r\nGET\r\n$5\r\nab")));
        rows.add(new Row("client ends its side behind 100 requests for a server that is stopped for 0.2 s", "7",
                FaultScenarios::halfClosedWhileStopped));
        rows.add(new Row("client resets with 100 requests under way at a stopped server", "1, 7", FaultScenarios::clientResets));
        rows.add(new Row("pipeline over three servers, one of them stopped", "3, 5", FaultScenarios::mixedPipeline));
        rows.add(new Row("MGET over three servers, one of them stopped, then PING", "3, 5", FaultScenarios::splitRequest));
        rows.add(new Row("100 requests at once for a server that accepts and says nothing: connections made to it", "5",
                FaultScenarios::connections));
        rows.add(new Row("server stopped (SIGSTOP) seven times for 1 s; others: 5,000 requests a second over 50 connections, "
                + "timed from "
                + "when they were due", "5", FaultScenarios::stoppedAtFixedRate));
        rows.add(new Row("server stopped for 6 s, 50 clients ask it, 20,000 requests a second go to the others: lateness of errors",
                "5",
                FaultScenarios::lateness));
        rows.add(new Row("300 SETs of 1 MB from 10 clients for a stopped server", "6", FaultScenarios::megabytesWait));
        return rows;
    }

    @Test
    void write() throws Exception {
        List<Row> rows = rows();
        List<Integer> chosen = Optional.ofNullable(System.getProperty("cashew.matrix.rows"))
                .map(some -> Arrays.stream(some.split(",")).map(Integer::valueOf).toList())
                .orElseGet(() -> IntStream.rangeClosed(1, rows.size()).boxed().toList());
        RedisServer[] servers = IntStream.range(0, 3)
                .mapToObj(i -> RedisServer.builder().option("appendonly", "yes").option("appendfsync", "no").start())
                .toArray(RedisServer[]::new);
        ChaosRelay[] ofCashew = relays(servers);
        ChaosRelay[] ofNutcracker = relays(servers);
        var missing = new ArrayList<String>();
        var table = new StringBuilder(environment(servers[0]));
        table.append("\n| # | fault | promise | Cashew | nutcracker |\n|---|---|---|---|---|\n");
        try (var cashew = CashewProcess.with(pools(ofCashew, servers), Map.of("CASHEW_LIMITS_UNSENT", UNSENT));
                var nutcracker = NutcrackerProxy.with(pools(ofNutcracker, servers))) {
            List<FaultStage> stages = List.of(
                    FaultStage.of("Cashew", cashew.port("matrix"), cashew.port("direct"), cashew.pid(), servers, ofCashew),
                    FaultStage.of(
                            "nutcracker", nutcracker.port("matrix"), nutcracker.port("direct"), nutcracker.pid(), servers,
                                    ofNutcracker));
            for (FaultStage stage : stages) {
                stage.heal();
                FaultLoad.measure(stage, s -> Thread.sleep(5000), s -> {});
            }
            long start = System.nanoTime();
            for (int number : chosen) {
                Row row = rows.get(number - 1);
                table.append("| %d | %s | %s".formatted(number, row.fault(), row.promise()));
                for (FaultStage stage : stages) {
                    String figures = figures(row, stage, missing);
                    System.out.printf("%3d s, row %d of %d, %s: %s: %s%n",
                            (System.nanoTime() - start) / 1_000_000_000, number, rows.size(), row.fault(), stage.name(), figures);
                    table.append(" | ").append(figures);
                }
                table.append(" |\n");
            }
        } finally {
            Arrays.stream(ofCashew).forEach(ChaosRelay::close);
            Arrays.stream(ofNutcracker).forEach(ChaosRelay::close);
            Arrays.stream(servers).forEach(RedisServer::close);
        }
        if (chosen.size() < rows.size() || !missing.isEmpty()) {
            System.out.print(table);
        } else {
            document(table.toString());
        }
        if (!missing.isEmpty()) {
            throw new AssertionError("not all could be measured, so nothing has been written: " + missing);
        }
    }

    /// One row that cannot be measured does not keep the others from being.
    private static String figures(Row row, FaultStage stage, List<String> missing) {
        try {
            return assertTimeoutPreemptively(PATIENCE, () -> {
                stage.heal();
                return row.scenario().figures(stage);
            });
        } catch (Exception | AssertionError failure) {
            missing.add(stage.name() + ", " + row.fault() + ": " + failure);
            return "not measured";
        }
    }

    private static void document(String table) throws IOException {
        Matcher place = Pattern.compile(BEGIN + ".*" + END, Pattern.DOTALL).matcher(Files.readString(DOCUMENT));
        if (!place.find()) {
            throw new AssertionError("no place for the table in " + DOCUMENT + ", between " + BEGIN + "and " + END);
        }
        Files.writeString(DOCUMENT, place.replaceFirst(Matcher.quoteReplacement(BEGIN + "\n" + table + "\n" + END)));
    }

    private static String environment(RedisServer server) throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: *", ""))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        String redis = server.call("INFO", "server").lines()
                .filter(line -> line.startsWith("redis_version:"))
                .map(line -> line.substring("redis_version:".length()))
                .findFirst()
                .orElse("?");
        String nutcracker = Tool.run("nutcracker", "nutcracker", new byte[0], "-V").output().lines()
                .findFirst()
                .map(line -> line.replaceFirst(".*nutcracker-", ""))
                .orElse("?");
        return "Measured on %s, %d processors (%s), Linux %s, Java %s: Cashew %s, nutcracker %s, redis-server %s.\n".formatted(
                LocalDate.now(), Runtime.getRuntime().availableProcessors(), processor, System.getProperty("os.version"),
                Runtime.version(), Version.current(), nutcracker, redis);
    }

    private static ChaosRelay[] relays(RedisServer[] servers) {
        return Arrays.stream(servers).map(server -> ChaosRelay.to(server.port())).toArray(ChaosRelay[]::new);
    }

    private static String pools(ChaosRelay[] relays, RedisServer[] servers) {
        return pool("matrix", Arrays.stream(relays).mapToInt(ChaosRelay::port).toArray())
                + pool("direct", Arrays.stream(servers).mapToInt(RedisServer::port).toArray());
    }

    private static String pool(String name, int[] ports) {
        return """
                %s:
                  listen: free
                  redis: true
                  hash: murmur
                  timeout: %d
                  servers:
                   - 127.0.0.1:%d:1 a
                   - 127.0.0.1:%d:1 b
                   - 127.0.0.1:%d:1 c
                """.formatted(name, TIMEOUT.toMillis(), ports[0], ports[1], ports[2]);
    }

    private static Row load(String fault, String promise, FaultLoad.Trouble begin, FaultLoad.Trouble end) {
        return new Row(fault, promise, stage -> FaultLoad.measure(stage, s -> {
            long start = System.nanoTime();
            begin.make(s);
            Thread.sleep(Math.max(0, FAULT.toMillis() - (System.nanoTime() - start) / 1_000_000));
        }, end));
    }

    /// What happens to the open connections, and to nothing else.
    private static Row now(String fault, String promise, Fault... faults) {
        return load(fault, promise, stage -> stage.relay().afflict(faults), stage -> stage.relay().heal());
    }

    private static Row flapping(String fault, Fault each) {
        return load(fault, "1, 2, 3", stage -> {
            for (int i = 0; i < 50; i++) {
                stage.relay().afflict(each);
                Thread.sleep(20);
            }
        }, stage -> {});
    }
}
