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
import io.cashew.protocol.Split;
import io.cashew.protocol.Subscribing;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// RESP, as Redis and Valkey speak it.
public final class RedisProtocol implements Protocol {
    /// A server that wants a password, allows this user no PING, or cannot save, serves: what requests hear from it then is
    /// its own affair, and the client's. One that is loading, or has no connection left, does not.
    private static final Probe PING = Probe.of("*1\r\n$4\r\nPING\r\n", "+", "-NOAUTH ", "-NOPERM ", "-MISCONF ");

    private static final byte[] DBSIZE = "*1\r\n$6\r\ndbsize\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_SCRIPT = "-NOSCRIPT ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_FUNCTION = "-ERR Function not found\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CRLF_LENGTH = 2;
    private static final Map<Failure, byte[]> FAILURES = failures();

    private final Limits limits;
    private final RedisSessionSettings sessions;
    private final Greeting[] greetings;
    private final Subscribing subscribing;

    /// `password` is what servers want to hear, if they do.
    public RedisProtocol(Limits limits, RedisSessionSettings sessions, Optional<byte[]> password) {
        this(limits, sessions, password.map(word -> ServerLogin.of(Optional.empty(), word)).orElse(ServerLogin.NONE));
    }

    /// `login` is what servers are told first; see [RedisGreeting].
    public RedisProtocol(Limits limits, RedisSessionSettings sessions, ServerLogin login) {
        this.limits = limits;
        this.sessions = sessions;
        this.greetings = IntStream.range(0, sessions.lanes().count())
                .mapToObj(lane -> RedisGreeting.of(login, sessions.lanes(), lane, sessions.oldServers()))
                .toArray(Greeting[]::new);
        this.subscribing = new RedisSubscribing(limits);
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
    public ResponseDecoder responseDecoder(int lane) {
        return new RedisResponseDecoder(limits, sessions.lanes().dialect(lane));
    }

    @Override
    public Session session(Client client) {
        return new RedisSession(sessions, client);
    }

    @Override
    public void adopt(Session session) {
        ((RedisSession) session).use(sessions);
    }

    @Override
    public int lanes() {
        return greetings.length;
    }

    @Override
    public Greeting greeting(int lane) {
        return greetings[lane];
    }

    @Override
    public Probe probe() {
        return PING;
    }

    @Override
    public Subscribing subscribing() {
        return subscribing;
    }

    @Override
    public byte[] sayFailure(Failure failure) {
        return say(failure);
    }

    /// As [#sayFailure(Failure)].
    static byte[] say(Failure failure) {
        return FAILURES.get(failure);
    }

    @Override
    public Failure refusalToSplit(Request request) {
        if (!((RedisCommand) request.command()).join().isComputed()) {
            return null;
        }
        if (sessions.pool().crossServerLimit() == 0) {
            return Failure.CROSS_SERVER_OFF;
        }
        return Computation.understands(request) ? null : Failure.KEYS_ON_SEVERAL_SERVERS;
    }

    @Override
    public boolean wantsRemedy(Frame response) {
        return begins(response, NO_SCRIPT) || begins(response, NO_FUNCTION);
    }

    private static boolean begins(Frame response, byte[] words) {
        for (int i = 0; i < words.length; i++) {
            if (i >= response.length() || response.byteAt(i) != words[i]) {
                return false;
            }
        }
        return true;
    }

    /// What the part is called and how long it is, then its keys: `*3 CRLF  $4 CRLF mget CRLF  $1 CRLF a CRLF  $1 CRLF b CRLF`.
    ///
    /// Words of a request lie behind each other, each with its length in front, so that a key begins where the word before it
    /// ends, and keys that are neighbours in the request and in the part are copied together.
    @Override
    public int writePart(Request request, Split split, int part, ByteSink out) {
        RedisCommand command = (RedisCommand) request.command();
        if (split.keys() == 0) {
            return writeWhole(command, request, split, part, out);
        }
        if (command.splitsByKey()) {
            return KeyPart.write(command, request, split.key(split.firstSlot(part)), out);
        }
        int step = command.keyStep();
        int slot = split.firstSlot(part);
        int end = split.endSlot(part);
        byte[] head = NumberLine.array(1 + (end - slot) * step);
        byte[] name = SetComputation.question(command, split, part).nameWord();
        out.write(head);
        out.write(name);
        int written = head.length + name.length;
        while (slot < end) {
            int key = split.key(slot++);
            long from = behind(request, request.keyWord(key) - 1);
            while (slot < end && split.key(slot) == key + 1) {
                key++;
                slot++;
            }
            int length = (int) (behind(request, request.keyWord(key) + step - 1) - from);
            out.write(request.bytes(), from, length);
            written += length;
        }
        return written;
    }

    private int writeWhole(RedisCommand command, Request request, Split split, int part, ByteSink out) {
        return switch (command.join()) {
            case PAGE -> writeScan(request, split.server(part), out);
            case ONE_OF_ALL_KEYS -> part < split.parts() / 2 ? write(DBSIZE, out) : request.write(out);
            case LEAST, LEAST_OF_EACH, MOST_OF_EACH, EVENTS, HISTOGRAMS, SAME, ONE_AFTER_THE_OTHER, EACH_ONCE, SUM, OK,
                    IN_KEY_ORDER, COMPUTED, COMPUTED_OF_KEYS, STREAM_BY_STREAM ->
                request.write(out);
        };
    }

    private static int write(byte[] bytes, ByteSink out) {
        out.write(bytes);
        return bytes.length;
    }

    /// The command as it came, with a cursor that the server knows.
    private int writeScan(Request request, int server, ByteSink out) {
        long cursor = sessions.pool().tour().ownCursor(ScanTour.read(request.word(1)).orElseThrow(), server);
        byte[] head = NumberLine.array(request.wordCount());
        byte[] word = ReplyBuilder.bulk(Long.toUnsignedString(cursor).getBytes(StandardCharsets.US_ASCII));
        long rest = behind(request, 1);
        byte[] name = RedisCommand.SCAN.nameWord();
        out.write(head);
        out.write(name);
        out.write(word);
        int length = (int) (request.start() + request.length() - rest);
        out.write(request.bytes(), rest, length);
        return head.length + name.length + word.length + length;
    }

    /// Behind word `word`, where the length of the next one begins.
    static long behind(Request request, int word) {
        return request.wordStart(word) + request.wordLength(word) + CRLF_LENGTH;
    }

    @Override
    public Gather gather(Request request, Split split, Gather spent) {
        return switch (((RedisCommand) request.command()).join()) {
            case IN_KEY_ORDER ->
                (spent instanceof ValuesGather gather ? gather : new ValuesGather()).of(split);
            case SUM -> spent instanceof SumGather gather ? gather : new SumGather();
            case LEAST -> new LeastGather();
            case ONE_AFTER_THE_OTHER, STREAM_BY_STREAM -> new ChainGather(split.parts(), limits.message());
            case COMPUTED, COMPUTED_OF_KEYS ->
                new ComputedGather(computation(request, split), split.parts(), sessions.pool().crossServerLimit());
            case ONE_OF_ALL_KEYS -> new DrawnGather(split.parts() / 2, ThreadLocalRandom.current());
            case EACH_ONCE -> new EachOnceGather(limits.message());
            case MOST_OF_EACH -> new MostGather();
            case EVENTS -> new EventsGather();
            case HISTOGRAMS -> new HistogramsGather();
            case SAME -> new AgreedGather(false, whenLoaded(request));
            case LEAST_OF_EACH -> new AgreedGather(true, _ -> {});
            case PAGE -> new PageGather(sessions.pool().tour(), split.server(0));
            case OK -> {
                forget(request);
                yield spent instanceof OkGather gather ? gather : new OkGather();
            }
        };
    }

    private Computation computation(Request request, Split split) {
        ServerVersions versions = sessions.pool().memory().versions();
        if (sessions.pool().inquiries() != null) {
            // For the next one, if nobody has asked so far.
            versions.oldest(sessions.pool().inquiries());
        }
        return Computation.of(request, split, versions.lastHeard());
    }

    private Consumer<byte[]> whenLoaded(Request request) {
        WholePool pool = sessions.pool();
        byte[] source = request.word(request.wordCount() - 1);
        return switch ((RedisCommand) request.command()) {
            case SCRIPT_LOAD -> reply -> pool.memory().scripts().loaded(source, reply);
            case FUNCTION_LOAD -> reply -> pool.memory().libraries().loaded(source, reply, pool.servers());
            default -> _ -> {};
        };
    }

    /// What is not to be on any server is not remembered either.
    private void forget(Request request) {
        PoolMemory memory = sessions.pool().memory();
        switch ((RedisCommand) request.command()) {
            case SCRIPT_FLUSH -> memory.scripts().forget();
            case FUNCTION_DELETE -> memory.libraries().forget(new String(request.word(2), StandardCharsets.ISO_8859_1));
            case FUNCTION_FLUSH -> memory.libraries().forgetAll();
            case FUNCTION_RESTORE -> {
                // What it brings may be called like what was loaded, unless it is only to be added.
                if (request.wordCount() > 3 && !request.wordIs(3, "append")) {
                    memory.libraries().forgetAll();
                }
            }
            default -> {}
        }
    }

    private static Map<Failure, byte[]> failures() {
        Map<Failure, byte[]> replies = new EnumMap<>(Failure.class);
        for (Failure failure : Failure.values()) {
            replies.put(failure, (kind(failure) + failure.text() + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        return replies;
    }

    private static String kind(Failure failure) {
        if (failure == Failure.KEYS_ON_SEVERAL_SERVERS || failure == Failure.CROSS_SERVER_OFF) {
            return "-CROSSSLOT ";
        }
        if (failure == Failure.TRANSACTION_LOST) {
            return "-EXECABORT Transaction discarded because of: ";
        }
        return failure == Failure.SERVERS_CHANGED ? "-UNBLOCKED " : "-ERR ";
    }
}
