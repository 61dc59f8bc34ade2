package io.cashew.compatibility;

import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.Transcript;
import io.cashew.fixture.Transcript.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Plays the part of the clients in a transcript and writes down what happened, as the same transcript with the bytes and
/// states that were really seen.
///
/// A transcript says how long nothing may come before the reader gives up. Here a wait ends earlier when all that was
/// expected is there and nothing follows for a moment; it lasts its full time as soon as something is not as expected.
final class TranscriptReplay implements AutoCloseable {
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(40);

    /// How long the silence behind expected bytes is checked.
    private static final Duration GRACE = Duration.ofMillis(25);

    private final Transcript transcript;
    private final int port;
    private final ScriptedServer scripted;
    private final Map<Integer, RespClient> clients = new HashMap<>();
    private RespClient client;

    private TranscriptReplay(Transcript transcript, int port, ScriptedServer scripted) {
        this.transcript = transcript;
        this.port = port;
        this.scripted = scripted;
    }

    /// Replays `transcript` against the proxy on `port`.
    static Transcript run(Transcript transcript, int port, ScriptedServer scripted) {
        try (var replay = new TranscriptReplay(transcript, port, scripted)) {
            return replay.run();
        }
    }

    private Transcript run() {
        var happened = new ArrayList<Step>();
        Step before = null;
        use(1);
        for (int i = 0; i < transcript.steps().size(); i++) {
            Step step = transcript.steps().get(i);
            switch (step) {
                case Step.Send(var bytes) -> {
                    if (before instanceof Step.Send) {
                        pause(BETWEEN_WRITES);
                    }
                    client.sendIfOpen(RespClient.bytes(bytes));
                    happened.add(step);
                }
                case Step.HalfClose() -> {
                    client.shutdownOutput();
                    happened.add(step);
                }
                case Step.Client(var number) -> {
                    use(number);
                    happened.add(step);
                }
                case Step.Pause(var millis) -> {
                    pause(Duration.ofMillis(millis));
                    happened.add(step);
                }
                case Step.Script(var mode) -> {
                    scripted.now(TranscriptStage.behaviour(mode));
                    happened.add(step);
                }
                case Step.Received(var expected) ->
                    happened.add(new Step.Received(received(expected, staysOpenAfter(i))));
                case Step.State _ -> happened.add(new Step.State(!client.ended()));
                case Step.ServerReceived(var expected) ->
                    happened.add(new Step.ServerReceived(serverReceived(expected)));
            }
            before = step;
        }
        return transcript.with(happened);
    }

    private void use(int number) {
        client = clients.computeIfAbsent(number, _ -> RespClient.connect(port));
    }

    private boolean staysOpenAfter(int received) {
        List<Step> steps = transcript.steps();
        return received + 1 == steps.size() || !steps.get(received + 1).equals(new Step.State(false));
    }

    private String received(String expected, boolean staysOpen) {
        var idle = Duration.ofMillis(transcript.idleMillis());
        String bytes = RespClient.text(client.read(expected.length(), idle));
        boolean sureOfTheRest = bytes.equals(expected) && !expected.isEmpty() && staysOpen;
        return bytes + client.untilQuiet(sureOfTheRest ? GRACE : idle);
    }

    private String serverReceived(String expected) {
        long end = System.nanoTime() + Duration.ofMillis(transcript.idleMillis()).toNanos();
        var bytes = new StringBuilder(scripted.takeReceived());
        while (bytes.length() < expected.length() && System.nanoTime() < end) {
            pause(Duration.ofMillis(1));
            bytes.append(scripted.takeReceived());
        }
        return bytes.toString();
    }

    private static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        clients.values().forEach(RespClient::close);
    }
}
