package io.cashew.compatibility;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.FreePorts;
import io.cashew.fixture.MemcachedServer;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// The servers the transcripts were recorded with, on free ports instead of fixed ones, and the pools in front of them.
final class TranscriptStage implements AutoCloseable {
    static final Path TRANSCRIPTS = Path.of("src/test/resources/transcripts");

    private final RedisServer first = RedisServer.start();
    private final RedisServer second = RedisServer.start();
    private final RedisServer locked = RedisServer.builder().password("sekret").start();
    private final ScriptedServer scripted = ScriptedServer.that(Behaviour.keepsSilent());
    private final int nobody = FreePorts.next();
    private MemcachedServer third = MemcachedServer.start();
    private MemcachedServer fourth = MemcachedServer.start();

    /// Empties the servers, as they were before each exchange with `pool`.
    void reset(String pool) {
        if (pool.startsWith("mc")) {
            // The unique numbers that `gets` tells begin anew with the process only.
            third.close();
            fourth.close();
            third = MemcachedServer.start();
            fourth = MemcachedServer.start();
        } else {
            first.flush();
            second.flush();
            locked.flush();
        }
        scripted.now(Behaviour.keepsSilent());
        scripted.takeReceived();
    }

    /// The definition of `pool` in pools.yml with the ports of this stage.
    String yaml(String pool) {
        String section = Arrays.stream(read(TRANSCRIPTS.resolve("pools.yml")).split("\n\n"))
                .map(text -> text.startsWith("#") ? text.substring(text.indexOf('\n') + 1) : text)
                .filter(text -> text.startsWith(pool + ":"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pool " + pool + " in pools.yml"));
        section = section.replaceFirst("listen: \\S+", "listen: free");
        for (var port : ports().entrySet()) {
            section = section.replace(":" + port.getKey() + ":", ":" + port.getValue() + ":");
        }
        return section;
    }

    private Map<String, Integer> ports() {
        return Map.of(
                "26101", first.port(),
                "26102", second.port(),
                "26103", locked.port(),
                "26111", third.port(),
                "26112", fourth.port(),
                "26121", scripted.port(),
                "26131", nobody);
    }

    ScriptedServer scripted() {
        return scripted;
    }

    /// What a line such as `fake delay 120 +SLOW\r\n` asks of the scripted server.
    static Behaviour behaviour(String mode) {
        String[] words = mode.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "reply" -> Behaviour.replies(Escapes.decode(rest));
            case "drip" -> Behaviour.drips(Escapes.decode(rest));
            case "partial" -> Behaviour.repliesAndCloses(Escapes.decode(rest));
            case "close" -> Behaviour.closes();
            case "reset" -> Behaviour.resets();
            case "silent" -> Behaviour.keepsSilent();
            case "delay" -> {
                String[] delay = rest.split(" ", 2);
                yield Behaviour.delays(Long.parseLong(delay[0]), Escapes.decode(delay[1]));
            }
            default -> throw new IllegalArgumentException("unknown mode " + mode);
        };
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        first.close();
        second.close();
        locked.close();
        third.close();
        fourth.close();
        scripted.close();
    }
}
