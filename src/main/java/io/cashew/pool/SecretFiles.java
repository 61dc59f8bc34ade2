package io.cashew.pool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cashew.protocol.redis.Password;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// Reads files with passwords, and remembers what they hold together as a number, so that a change can be told whatever way the
/// files are replaced.
final class SecretFiles {
    private static final int MAX_BYTES = 1024 * 1024;

    /// One, and a few for the time while it is being changed.
    private static final int MOST_PASSWORDS = 16;

    private final MessageDigest read;

    SecretFiles() {
        try {
            read = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// The text as it travels.
    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /// What `file` holds, which the setting `key` names. The exception says what is wrong with it, and what to do.
    byte[] content(String key, Path file) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException missing) {
            throw new IOException(key + " " + file + " does not exist: create it, or correct the path", missing);
        } catch (AccessDeniedException denied) {
            throw new IOException(key + " " + file + " may not be read: let the user read it that Cashew runs as", denied);
        } catch (IOException failure) {
            throw new IOException(key + " " + file + " cannot be read: " + failure.getMessage(), failure);
        }
        if (content.length > MAX_BYTES) {
            throw new IOException(key + " " + file + " is larger than " + MAX_BYTES + " bytes: correct the path");
        }
        read.update(file.toString().getBytes(UTF_8));
        read.update((byte) 0);
        read.update((byte) content.length);
        read.update(content);
        return content;
    }

    /// The passwords of `file`, one on each line that is not empty; at least one.
    List<byte[]> passwords(String key, Path file) throws IOException {
        List<byte[]> passwords = new String(content(key, file), ISO_8859_1).lines()
                .filter(line -> !line.isEmpty())
                .map(line -> line.getBytes(ISO_8859_1))
                .toList();
        if (passwords.isEmpty()) {
            throw new IOException(key + " " + file + " has no password: write it on the first line");
        }
        if (passwords.size() > MOST_PASSWORDS || passwords.stream().anyMatch(password -> password.length > Password.LONGEST)) {
            throw new IOException(key + " " + file + " has more than " + MOST_PASSWORDS + " passwords, or one of more than "
                    + Password.LONGEST + " bytes: correct the path");
        }
        return passwords;
    }

    /// What all files that have been read held.
    byte[] fingerprint() {
        return read.digest();
    }
}
