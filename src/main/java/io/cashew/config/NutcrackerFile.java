package io.cashew.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A `nutcracker.yml`, twemproxy's configuration file: read as twemproxy reads it, so that a file it accepts is accepted
/// with the same meaning and one it refuses is refused, except that all mistakes are reported and not the first only.
///
/// Reading resolves the host names of `listen` and may therefore take as long as the resolver does.
///
/// Stricter than the original, where it would run into nonsense: numbers above 2147483647 are refused and do not wrap
/// around, a server needs a host, a socket path of a server must fit, and two pools cannot share a socket path.
public final class NutcrackerFile {
    /// Larger files are refused unread.
    static final int MAX_BYTES = 16 << 20;

    /// The YAML scanner takes time in the square of what one line nests.
    static final int MAX_LINE = 64 << 10;

    private final String file;
    private final Problems problems = new Problems();

    private NutcrackerFile(Path file) {
        this.file = file.toString();
    }

    /// The file's pools, or everything that is wrong with it.
    public static Reading read(Path file) {
        NutcrackerFile nutcracker = new NutcrackerFile(file);
        return PoolChecks.read(nutcracker.written(file), nutcracker.problems);
    }

    /// The file's pools as they were written, for whoever adds more from elsewhere before checking them.
    static List<WrittenPool> written(Path file, Problems problems) {
        NutcrackerFile nutcracker = new NutcrackerFile(file);
        List<WrittenPool> pools = nutcracker.written(file);
        nutcracker.problems.inOrder().forEach(problems::add);
        return pools;
    }

    private List<WrittenPool> written(Path path) {
        return content(path).flatMap(this::text).map(text -> new NutcrackerYaml(file, problems).read(text))
                .orElse(List.of());
    }

    private Optional<byte[]> content(Path path) {
        // A path may also name something without an end, so the size is not asked for but enforced
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                refuse("is larger than " + (MAX_BYTES >> 20) + " MB", "a configuration file of a sensible size");
            } else if (longestLine(bytes) > MAX_LINE) {
                refuse("has a line longer than " + MAX_LINE + " bytes", "lines of a sensible length");
            } else {
                return Optional.of(bytes);
            }
        } catch (NoSuchFileException e) {
            cannotOpen("No such file or directory");
        } catch (AccessDeniedException e) {
            cannotOpen("Permission denied");
        } catch (IOException e) {
            cannotOpen(e.getMessage());
        }
        return Optional.empty();
    }

    private static int longestLine(byte[] bytes) {
        int longest = 0;
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                longest = Math.max(longest, at - start);
                start = at + 1;
            }
        }
        return Math.max(longest, bytes.length - start);
    }

    private void cannotOpen(String reason) {
        refuse("failed to open configuration '" + file + "': " + reason, "");
    }

    private Optional<String> text(byte[] bytes) {
        Charset charset = StandardCharsets.UTF_8;
        int mark = 0;
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            mark = 3;
        } else if (startsWith(bytes, 0xFE, 0xFF)) {
            charset = StandardCharsets.UTF_16BE;
            mark = 2;
        } else if (startsWith(bytes, 0xFF, 0xFE)) {
            charset = StandardCharsets.UTF_16LE;
            mark = 2;
        }
        try {
            return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes, mark, bytes.length - mark)).toString());
        } catch (CharacterCodingException e) {
            refuse("is not " + charset, "text in UTF-8");
            return Optional.empty();
        }
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private void refuse(String reason, String allowed) {
        problems.add(new ConfigProblem(
                file, OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty(), reason, allowed));
    }
}
