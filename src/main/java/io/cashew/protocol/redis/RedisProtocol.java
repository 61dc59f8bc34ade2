package io.cashew.protocol.redis;

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
import io.cashew.transport.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// RESP, as Redis and Valkey speak it.
public final class RedisProtocol implements Protocol {
    /// A server that wants a password, allows this user no PING, or cannot save, serves: what requests hear from it then is
    /// its own affair, and the client's. One that is loading, or has no connection left, does not.
    private static final Probe PING = Probe.of("*1\r\n$4\r\nPING\r\n", "+", "-NOAUTH ", "-NOPERM ", "-MISCONF ");

    private static final byte[] CRLF = {'\r', '\n'};
    private static final Map<Failure, byte[]> FAILURES = failures();

    private final Limits limits;
    private final RedisSessionSettings sessions;
    private final Greeting greeting;

    /// `greeting` is what servers hear first; see [RedisGreeting].
    public RedisProtocol(Limits limits, RedisSessionSettings sessions, Greeting greeting) {
        this.limits = limits;
        this.sessions = sessions;
        this.greeting = greeting;
    }

    @Override
    public String label() {
        return "redis";
    }

    @Override
    public RequestDecoder requestDecoder() {
        return new RedisRequestDecoder(limits);
    }

    @Override
    public ResponseDecoder responseDecoder() {
        return new RedisResponseDecoder(limits);
    }

    @Override
    public Session session(Client client) {
        return new RedisSession(sessions, client);
    }

    @Override
    public Greeting greeting() {
        return greeting;
    }

    @Override
    public Probe probe() {
        return PING;
    }

    @Override
    public byte[] sayFailure(Failure failure) {
        return FAILURES.get(failure);
    }

    @Override
    public int writePart(Request request, int[] serverOfKey, int server, int keys, ByteSink out) {
        RedisCommand command = (RedisCommand) request.command();
        int step = command.keyStep();
        byte[] head = ("*" + (1 + keys * step) + "\r\n$" + command.label().length() + "\r\n" + command.label() + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        out.write(head);
        int written = head.length;
        for (int key = 0; key < request.keyCount(); key++) {
            if (serverOfKey[key] == server) {
                int first = request.keyWord(key);
                for (int word = first; word < first + step; word++) {
                    written += writeWord(request, word, out);
                }
            }
        }
        return written;
    }

    /// Words of a request lie behind each other, each with its length in front, so that a word begins where the one before
    /// it ends: `$3 CRLF key CRLF`.
    private static int writeWord(Request request, int word, ByteSink out) {
        long from = request.wordStart(word - 1) + request.wordLength(word - 1) + CRLF.length;
        long to = request.wordStart(word) + request.wordLength(word) + CRLF.length;
        out.write(request.bytes(), from, (int) (to - from));
        return (int) (to - from);
    }

    @Override
    public Gather gather(Request request, int[] partOfKey, int parts) {
        return switch (((RedisCommand) request.command()).join()) {
            case IN_KEY_ORDER -> new RedisGather.InKeyOrder(partOfKey, parts);
            case SUM -> new RedisGather.Sum();
            case OK -> new RedisGather.AllOk();
        };
    }

    private static Map<Failure, byte[]> failures() {
        Map<Failure, byte[]> replies = new EnumMap<>(Failure.class);
        for (Failure failure : Failure.values()) {
            String kind = failure == Failure.KEYS_ON_SEVERAL_SERVERS ? "-CROSSSLOT " : "-ERR ";
            replies.put(failure, (kind + failure.text() + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        return replies;
    }
}
