package io.cashew.protocol.memcache;

import io.cashew.fixture.WrittenDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// docs/commands-memcache.md is written from the table, and this test keeps it so.
class MemcacheCommandsDocumentTest {
    @Test
    void theDocumentSaysWhatTheTableSays() throws IOException {
        new WrittenDocument(Path.of("docs/commands-memcache.md"), getClass()).says(document());
    }

    private static String document() {
        var text = new StringBuilder("""
                # memcached commands

                Written from the command table, `MemcacheCommand`; change that, then run
                `./mvnw test -Dtest=MemcacheCommandsDocumentTest -Ddocs.write=true`.

                This is memcached's text protocol; the binary one is not spoken, and its clients are hung up on. Keys have 1 to
                250 bytes and no blanks or control characters. A line has at most 2048 bytes, as with memcached, except that
                `get` and `gets` may have 262,144 keys. A value has at most `item_size_max` bytes. A command that is not listed
                is answered with `ERROR`, and the connection stays open.

                ## Sent to the server that has the key

                Several keys are split by server, and the answers joined in the order of the keys. A meta key in base64 (flag
                `b`) is placed by what it decodes to. The flag `q` hides what the table says.

                """);
        rows(text, "| command | line | | `q` hides |\n|---|---|---|---|\n", row -> row.form().firstKey() > 0);
        text.append("\n## Answered by Cashew, or by other servers\n\n");
        rows(text, "| command | line | by |\n|---|---|---|\n", row -> row.form().firstKey() == 0 && row.refusal() == null);
        text.append("\n## Refused\n\n");
        rows(text, "| command | because |\n|---|---|\n", row -> row.refusal() != null);
        return text.toString();
    }

    private static void rows(StringBuilder text, String head, Predicate<MemcacheCommand> which) {
        text.append(head);
        Arrays.stream(MemcacheCommand.values()).filter(which).forEach(row -> text.append(line(row)));
    }

    private static String line(MemcacheCommand row) {
        String line = "`" + (row.label() + " " + row.form().syntax()).strip() + "`";
        return switch (row.spread()) {
            case ONE_SERVER, SPLIT -> "| %s | %s | %s | %s |\n".formatted(
                    row.label(), line, row.form().hasManyKeys() ? "split" : "", String.join(", ", row.hidden()));
            case LOCAL -> "| %s | %s | Cashew |\n".formatted(row.label(), line);
            case ANY_SERVER -> "| %s | %s | any server |\n".formatted(row.label(), line);
            case EVERY_SERVER -> "| %s | %s | every server |\n".formatted(row.label(), line);
            // memcached has nothing of the kind.
            case EVERY_HOLDER, EVERY_LIVE_SERVER, CHOSEN_SERVER, WAITING, WAITING_EVERYWHERE, TRANSACTION,
                    SUBSCRIPTION ->
                    throw new AssertionError(row);
            case REFUSED -> "| %s | %s |\n".formatted(row.label(), row.refusal().reason());
        };
    }
}
