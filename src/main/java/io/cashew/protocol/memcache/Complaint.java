package io.cashew.protocol.memcache;

import io.cashew.protocol.Command;
import java.nio.charset.StandardCharsets;

/// What is wrong with a request that no server gets to see: the closed list, in memcached's words where it has some.
///
/// The decoder finds it and the session says it: it stands where a sound request has its [MemcacheCommand].
enum Complaint implements Command {
    /// No such command, or a wrong number of words.
    ERROR("ERROR"),
    BAD_FORMAT("CLIENT_ERROR bad command line format"),
    BAD_DATA("CLIENT_ERROR bad data chunk"),
    BAD_ENCODING("CLIENT_ERROR error decoding key"),
    DUPLICATE_FLAG("CLIENT_ERROR duplicate flag"),
    TOO_MANY_FLAGS("CLIENT_ERROR options flags too long"),
    LINE_TOO_LONG("CLIENT_ERROR line too long"),
    TOO_LARGE("SERVER_ERROR object too large for cache"),
    /// For `noreply`, and for those who cannot read text.
    UNSAID("");

    private final byte[] reply;

    Complaint(String text) {
        reply = (text.isEmpty() ? text : text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// What the client hears, with framing. The array is shared.
    byte[] reply() {
        return reply;
    }

    @Override
    public String label() {
        return "complaint";
    }

    @Override
    public Spread spread() {
        return Spread.REFUSED;
    }

    @Override
    public boolean writes() {
        return false;
    }
}
