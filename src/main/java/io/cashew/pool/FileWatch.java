package io.cashew.pool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Whether files have other content than they had. Only content counts, which is read at each look: neither times nor notices of
/// the file system tell everything about symlinks that are swapped (as Kubernetes does it), network file systems, and files that
/// are replaced by others of the same size within the same tick.
///
/// A change counts when it is the same at two looks, so that a file that is being written is left alone.
final class FileWatch {
    private static final int MOST_BYTES = 16 << 20;

    private final Supplier<List<Path>> files;
    private byte[] known;
    private byte[] seen;

    FileWatch(Supplier<List<Path>> files) {
        this.files = files;
        this.known = digest();
        this.seen = known;
    }

    /// Whether the files, as they are at this look and were at the one before, differ from those that this was last said about.
    boolean changed() {
        byte[] now = digest();
        boolean settled = Arrays.equals(now, seen);
        seen = now;
        if (!settled || Arrays.equals(now, known)) {
            return false;
        }
        known = now;
        return true;
    }

    private byte[] digest() {
        MessageDigest digest = sha256();
        for (Path file : files.get()) {
            digest.update((file + "\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(file)) {
                // As much as is read of it as a configuration.
                digest.update(in.readNBytes(MOST_BYTES));
            } catch (IOException absent) {
                digest.update((byte) 0);
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyRuntimeHasIt) {
            throw new IllegalStateException(everyRuntimeHasIt);
        }
    }
}
