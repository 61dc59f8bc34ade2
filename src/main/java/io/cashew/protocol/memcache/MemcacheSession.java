package io.cashew.protocol.memcache;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import io.cashew.protocol.Session;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/// Answers what no server has to be asked: complaints, refusals, `mn`, `stats` and `quit`.
///
/// memcached's text protocol has no passwords here, and a client has nothing to tell about itself.
public final class MemcacheSession implements Session {
    private static final byte[] NO_OPERATION = bytes("MN\r\n");
    private static final byte[] NOTHING = {};
    /// What memcached knows behind `stats`.
    private static final Set<String> KINDS_OF_SERVERS =
            Set.of("cachedump", "conns", "detail", "extstore", "items", "reset", "settings", "sizes", "slabs", "threads");
    private static final byte[] OTHER_STATISTICS = bytes(
            "CLIENT_ERROR this pool knows 'stats' and 'stats servers'; other statistics are the servers' own\r\n");

    private final MemcacheSessionSettings settings;
    private boolean leaving;
    private Failure refusal;

    public MemcacheSession(MemcacheSessionSettings settings) {
        this.settings = settings;
    }

    /// The command of `request` is a [MemcacheCommand] or a [Complaint].
    @Override
    public byte[] answer(Request request) {
        if (request.command() instanceof MemcacheCommand command) {
            return command.isRouted() ? null : answerHere(command, request);
        }
        refusal = Failure.REQUEST_INVALID;
        return ((Complaint) request.command()).reply();
    }

    @Override
    public Failure refusal() {
        return refusal;
    }

    @Override
    public boolean leaving() {
        return leaving;
    }

    private byte[] answerHere(MemcacheCommand command, Request request) {
        refusal = command.refusal() == null ? null : Failure.COMMAND_REFUSED;
        if (refusal != null) {
            return bytes("CLIENT_ERROR " + command.label() + " is not supported by this pool: "
                    + command.refusal().reason() + "\r\n");
        }
        return switch (command) {
            case MN -> NO_OPERATION;
            case STATS -> statistics(request);
            case QUIT -> quit();
            // Every row with Spread.LOCAL is above, which a test holds true; a row that is not would be a bug of ours.
            default -> throw new IllegalStateException("nobody answers " + command.label());
        };
    }

    private byte[] quit() {
        leaving = true;
        return NOTHING;
    }

    private byte[] statistics(Request request) {
        if (request.wordCount() == 1) {
            return lines(settings.statistics().get());
        }
        String kind = new String(request.word(1), StandardCharsets.ISO_8859_1);
        if (kind.equals("servers")) {
            return lines(settings.serverStatistics().get());
        }
        return KINDS_OF_SERVERS.contains(kind) ? OTHER_STATISTICS : Complaint.ERROR.reply();
    }

    private static byte[] lines(Map<String, String> statistics) {
        var lines = new StringBuilder();
        statistics.forEach((name, value) -> lines.append("STAT ").append(name).append(' ').append(value).append("\r\n"));
        return bytes(lines.append("END\r\n").toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
