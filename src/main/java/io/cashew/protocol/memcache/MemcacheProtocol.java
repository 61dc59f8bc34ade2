package io.cashew.protocol.memcache;

import io.cashew.protocol.Client;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Greeting;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Probe;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.protocol.Session;
import io.cashew.protocol.Split;
import io.cashew.transport.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// memcached's text protocol.
public final class MemcacheProtocol implements Protocol {
    private static final byte[] BLANK = {' '};
    private static final Probe VERSION = Probe.of("version\r\n", "VERSION ");
    private static final byte[] CRLF = {'\r', '\n'};
    private static final Map<Failure, byte[]> FAILURES = failures();

    private final Limits limits;
    private final MemcacheSessionSettings sessions;

    public MemcacheProtocol(Limits limits, MemcacheSessionSettings sessions) {
        this.limits = limits;
        this.sessions = sessions;
    }

    @Override
    public String label() {
        return "memcache";
    }

    @Override
    public RequestDecoder requestDecoder() {
        return new MemcacheRequestDecoder(limits);
    }

    @Override
    public ResponseDecoder responseDecoder(int lane) {
        return new MemcacheResponseDecoder();
    }

    @Override
    public Session session(Client client) {
        return new MemcacheSession(sessions);
    }

    @Override
    public Greeting greeting(int lane) {
        return Greeting.NONE;
    }

    @Override
    public Probe probe() {
        return VERSION;
    }

    @Override
    public byte[] sayFailure(Failure failure) {
        return FAILURES.get(failure);
    }

    /// What stands before the keys, then the part's keys: `gat 30 key key CRLF`.
    @Override
    public int writePart(Request request, Split split, int part, ByteSink out) {
        if (split.keys() == 0) {
            return request.write(out);
        }
        int written = 0;
        for (int word = 0; word < request.keyWord(0); word++) {
            written += writeWord(request, word, out);
        }
        for (int slot = split.firstSlot(part); slot < split.endSlot(part); slot++) {
            written += writeWord(request, request.keyWord(split.key(slot)), out);
        }
        out.write(CRLF);
        return written + CRLF.length;
    }

    private static int writeWord(Request request, int word, ByteSink out) {
        int blank = 0;
        if (word > 0) {
            out.write(BLANK);
            blank = BLANK.length;
        }
        out.write(request.bytes(), request.wordStart(word), request.wordLength(word));
        return blank + request.wordLength(word);
    }

    @Override
    public Gather gather(Request request, Split split, Gather spent) {
        var command = (MemcacheCommand) request.command();
        if (request.gathered()) {
            return command.form().firstFlag() > 0
                    ? (spent instanceof MemcacheGather.Quiet gather ? gather : new MemcacheGather.Quiet()).of(command.hidden())
                    : MemcacheGather.NOREPLY;
        }
        return command.form().hasManyKeys()
                ? (spent instanceof MemcacheGather.InKeyOrder gather ? gather : new MemcacheGather.InKeyOrder())
                        .of(request, split)
                : spent instanceof MemcacheGather.AllOk gather ? gather : new MemcacheGather.AllOk();
    }

    private static Map<Failure, byte[]> failures() {
        Map<Failure, byte[]> replies = new EnumMap<>(Failure.class);
        for (Failure failure : Failure.values()) {
            // memcached's own words (`memcached.c`), which it says without knowing yet what the client speaks.
            String text = failure == Failure.TOO_MANY_CLIENTS
                    ? "ERROR Too many open connections"
                    : "SERVER_ERROR " + failure.text();
            replies.put(failure, (text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        return replies;
    }
}
