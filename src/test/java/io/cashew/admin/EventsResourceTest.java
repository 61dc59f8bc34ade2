package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.pool.Events;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(SeenPools.class)
@Timeout(60)
class EventsResourceTest {
    /// A reader of the stream.
    private static final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Reader(String header) {
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
                socket.setSoTimeout(20_000);
                String request = "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nConnection: close\r\n"
                        + header + "\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// The next line that begins with `start`, without it; it is one of the next few.
        String line(String start) {
            var others = new ArrayList<String>();
            try {
                while (others.size() < 20) {
                    String line = lines.readLine();
                    if (line == null) {
                        break;
                    }
                    if (line.startsWith(start)) {
                        return line.substring(start.length()).strip();
                    }
                    others.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw new AssertionError("no " + start + " in " + others);
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void report(String text) {
        Events.OF_PROCESS.report(Events.Kind.SERVER_MOVED, "ring", "a", text);
    }

    @Test
    void anEjectionIsAnEvent() {
        try (var client = SeenPools.connect("dead")) {
            client.call("GET", "k");
        }

        Awaitility.await().untilAsserted(() -> {
            List<Map<String, Object>> events = given().get("/events/recent").jsonPath().getList("events");
            assertThat(events).anySatisfy(event -> assertThat(event)
                    .containsEntry("kind", "server-ejected")
                    .containsEntry("pool", "dead")
                    .containsEntry("server", "gone")
                    .hasEntrySatisfying("text", text -> assertThat((String) text)
                            .contains("is ejected for", "refuses connections")));
        });
    }

    @Test
    void theStartOfAPoolIsAnEvent() {
        assertThat(given().get("/events/recent").jsonPath().<String>getList("events.findAll { it.kind == 'pool-serving' }.pool"))
                .containsAll(SeenPools.names());
    }

    @Test
    void whatHappensIsToldAsItHappens() {
        try (var reader = new Reader("")) {
            assertThat(reader.line("HTTP/1.1 ")).startsWith("200");
            assertThat(reader.line(":")).as("a heartbeat, so that proxies in between let the head through").isNotNull();

            report("now");

            long id = Long.parseLong(reader.line("id:"));
            assertThat(reader.line("event:")).isEqualTo("server-moved");
            JsonPath data = new JsonPath(reader.line("data:"));
            assertThat(data.getString("text")).isEqualTo("now");
            assertThat(data.getLong("id")).isEqualTo(id);
            assertThat(data.getString("kind")).isEqualTo("server-moved");
        }
    }

    @Test
    void whoComesBackGetsWhatWasMissed() {
        report("seen");
        long seen = Events.OF_PROCESS.lastId();
        report("missed");

        try (var reader = new Reader("Last-Event-ID: " + seen + "\r\n")) {
            assertThat(new JsonPath(reader.line("data:")).getString("text")).isEqualTo("missed");
        }
        assertThat(given().get("/events/recent?after=" + seen).jsonPath().getList("events.text")).first().isEqualTo("missed");
    }

    @Test
    void whoComesBackTooLateIsToldThatThereIsAGap() {
        report("still remembered");

        try (var reader = new Reader("Last-Event-ID: 1\r\n")) {
            long forgotten = Long.parseLong(reader.line("id:"));
            assertThat(reader.line("event:")).isEqualTo("events-forgotten");
            assertThat(new JsonPath(reader.line("data:")).getString("pool")).isNull();
            assertThat(reader.line("id:")).isEqualTo(String.valueOf(forgotten + 1));
        }
        assertThat(given().get("/events/recent?after=1").jsonPath().getList("events.kind")).first().isEqualTo("events-forgotten");
    }

    @Test
    void aWrongPasswordIsAnEvent() {
        try (var client = SeenPools.connect(SeenPools.ODD)) {
            client.call("AUTH", "guessed");
        }

        Awaitility.await().untilAsserted(() -> {
            List<Map<String, Object>> events = given().get("/events/recent").jsonPath().getList("events");
            assertThat(events).anySatisfy(event -> assertThat(event)
                    .containsEntry("kind", "request-refused")
                    .containsEntry("pool", SeenPools.ODD)
                    .containsEntry("server", null)
                    .hasEntrySatisfying("text", text ->
                            assertThat((String) text).contains("look who guesses").doesNotContain("guessed")));
        });
    }

    @Test
    void whoDoesNotReadIsHungUpOn() throws IOException {
        try (var reader = new Reader("")) {
            reader.line(":");

            String text = "x".repeat(1000);
            for (int i = 0; i < 40_000; i++) {
                report(text);
            }

            long events = 0;
            // It ends, and before the last event: otherwise this read would wait for more
            for (String line = reader.lines.readLine(); line != null; line = reader.lines.readLine()) {
                events += line.startsWith("id:") ? 1 : 0;
            }
            assertThat(events).isLessThan(40_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", "99999999999999999999999"})
    void whatIsNotAnIdIsAProblem(String id) {
        for (var response : List.of(
                given().get("/events/recent?after=" + id),
                given().header("Last-Event-ID", id).header("Accept", "text/event-stream").get("/events"))) {
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
            assertThat(response.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:not-an-event");
        }
    }

    @Test
    void thereAreOnlySoManyStreamsAndThoseWhoLeaveMakeRoom() {
        List<Reader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < EventsResource.MAX_STREAMS; i++) {
                var reader = new Reader("");
                readers.add(reader);
                reader.line("HTTP/1.1 200");
            }

            var refused = given().header("Accept", "text/event-stream").get("/events");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:too-many-streams");
        } finally {
            readers.forEach(Reader::close);
        }
        Awaitility.await().until(() -> {
            try (var reader = new Reader("")) {
                return reader.line("HTTP/1.1 ").startsWith("200");
            }
        });
    }
}
