package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Client;
import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Introduction;
import io.cashew.protocol.Remedy;
import io.cashew.protocol.Replies;
import io.cashew.protocol.Request;
import io.cashew.protocol.Session;
import io.cashew.protocol.Topic.Kind;
import io.cashew.protocol.WrongPasswords;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/// One Redis client: whether it has said the password, which dialect it speaks and which database it means, what it calls
/// itself, and the answers no server is asked for.
///
/// Texts are twemproxy's where it has one, and Redis's otherwise. Before the password only `AUTH`, `HELLO`, `QUIT` and
/// `RESET` are heard, and a wrong one takes back what a right one gave. One that is not looked at ([WrongPasswords]) changes
/// nothing.
///
/// In a pool with users, which twemproxy does not have, all this is as in Redis 7: a wrong password changes nothing, and what a
/// client may do depends on its user ([Permissions]). Every other pool pays one branch for it.
public final class RedisSession implements Session {
    private static final byte[] OK = ReplyBuilder.status("OK");
    private static final byte[] RESET = ReplyBuilder.status("RESET");
    private static final byte[] SYNTAX_ERROR = ReplyBuilder.error("ERR syntax error");
    private static final byte[] NOT_AUTHENTICATED = ReplyBuilder.error("NOAUTH Authentication required");
    private static final byte[] HELLO_NOT_AUTHENTICATED = ReplyBuilder.error("NOAUTH HELLO must be called with the client"
            + " already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate"
            + " the client and select the RESP protocol version at the same time");
    private static final byte[] UNKNOWN_VERSION = ReplyBuilder.error("NOPROTO unsupported protocol version");
    private static final byte[] OLD_SERVER = ReplyBuilder.error(
            "NOPROTO unsupported protocol version: a server of this pool does not speak RESP3, which Redis has since version 6");
    private static final byte[] NOT_AUTHENTICATED_AS_USER = ReplyBuilder.error("NOAUTH Authentication required.");
    private static final byte[] NO_CLUSTER = ReplyBuilder.error("ERR This instance has cluster support disabled");

    private static final byte[] NOT_TRACKING = ReplyBuilder.error("ERR CLIENT CACHING can be called only when the client is in"
            + " tracking mode with OPTIN or OPTOUT mode enabled");
    private static final byte[] INVALID_CURSOR = ReplyBuilder.error("ERR invalid cursor");
    private static final byte[] LAST_PAGE = new ReplyBuilder(Dialect.RESP2).array(2).string("0").array(0).bytes();

    private static final Refusal MAY_NOT_FLUSH = Refusal.refused("its configuration does not set allow_flush");

    /// How much of a client's own words an error shows, in bytes.
    static final int SHOWN = 128;

    /// The longest name a user may have, in bytes.
    static final int LONGEST_USER = SHOWN;

    /// The longest request, in bytes, that is kept to be said again should its server not know its script or function.
    private static final int LONGEST_REMEDIED = 64 * 1024;

    private RedisSessionSettings settings;
    private final Client client;
    private final InstantSource clock;

    private final Identity identity;
    /// Whether what the client may do depends on its user.
    private boolean guarded;

    private Dialect dialect = Dialect.RESP2;
    private int database;
    private boolean leaving;
    private Failure refusal;
    private Replies replies;
    private CompletionStage<byte[]> later;
    private final ClientNames names = new ClientNames();
    /// Null until it is needed.
    private RedisDialogue dialogue;

    public RedisSession(RedisSessionSettings settings, Client client) {
        this(settings, client, InstantSource.system());
    }

    RedisSession(RedisSessionSettings settings, Client client, InstantSource clock) {
        this.settings = settings;
        this.client = client;
        this.clock = clock;
        identity = new Identity(settings, client);
        guarded = identity.guarded();
        database = settings.lanes().own();
    }

    Identity identity() {
        return identity;
    }

    /// Who clients can be.
    Users users() {
        return settings.users();
    }

    /// Whether what the client may do depends on its user.
    boolean guarded() {
        return guarded;
    }

    /// From now on these are the pool's settings, with the same lanes. Who has shown who it is need not do so again.
    void use(RedisSessionSettings settings) {
        this.settings = settings;
        identity.use(settings);
        guarded = identity.guarded();
    }

    @Override
    public void close() {
        identity.leave();
    }

    /// The command of `request` is a [RedisCommand] whose keys have been located, or null if the name is unknown.
    @Override
    public byte[] answer(Request request) {
        if (guarded) {
            identity.recall();
        }
        return reply(request);
    }

    /// As [#answer(Request)], with what the user might do when that was [recalled][Identity#recall()].
    byte[] reply(Request request) {
        var command = (RedisCommand) request.command();
        boolean trusted = identity.trusted();
        if (guarded && trusted) {
            byte[] denied = denied(command, request);
            if (denied != null) {
                return denied;
            }
        }
        if (trusted && command != null && command.isRouted() && command.accepts(request.wordCount())) {
            return null;
        }
        if (trusted && command != null && command.isApart() && command.accepts(request.wordCount())) {
            return APART;
        }
        refusal = null;
        replies = null;
        byte[] answer = answerHere(command, request);
        return answer == null || answer == LATER ? answer : judged(answer, refusal);
    }

    /// Null if the client's user may do this, or if something else is wrong with it first.
    private byte[] denied(RedisCommand command, Request request) {
        int word = identity.denied(command, request);
        if (word != Permissions.NOTHING) {
            return says(AclReply.denied(identity.terms().name(), command, word), Failure.NOT_PERMITTED);
        }
        String option = identity.deniedOption(command, request);
        return option == null
                ? null
                : says(ReplyBuilder.error("ERR " + option + " option of SORT denied due to insufficient ACL permissions."),
                        Failure.NOT_PERMITTED);
    }

    /// `answer` is the answer now, and `reason` why it refuses, if it is none that shows from the answer.
    byte[] says(byte[] answer, Failure reason) {
        replies = null;
        return judged(answer, reason);
    }

    private byte[] judged(byte[] answer, Failure reason) {
        refusal = reason == null && answer[0] == '-' ? Failure.REQUEST_INVALID : reason;
        return answer;
    }

    /// Says why `request` cannot be part of a transaction.
    byte[] refuseToQueue(Request request) {
        var command = (RedisCommand) request.command();
        boolean faulty = command == null
                || command.refusal() != null
                || !command.accepts(request.wordCount())
                || !command.variants().isEmpty() && request.wordCount() > 1
                || !identity.allows(command, request)
                || refuseDatabase(command, request) != null;
        return faulty
                ? reply(request)
                : says(ReplyBuilder.error("ERR '" + command.label() + "' cannot be part of a transaction here, because no single"
                        + " server could answer it; ask before MULTI"), Failure.COMMAND_REFUSED);
    }

    @Override
    public Dialogue dialogue() {
        if (dialogue == null) {
            dialogue = new RedisDialogue(this);
        }
        return dialogue;
    }

    @Override
    public CompletionStage<byte[]> later() {
        return later;
    }

    @Override
    public Replies replies() {
        return replies;
    }

    @Override
    public Introduction introduction() {
        return new Introduction(
                names.name(),
                names.libraryName(),
                names.libraryVersion(),
                identity.terms().name(),
                dialect.version(),
                database,
                dialogue == null ? -1 : dialogue.queued(),
                heard(Kind.CHANNEL),
                heard(Kind.PATTERN),
                heard(Kind.SHARD_CHANNEL));
    }

    @Override
    public boolean mayHear() {
        if (!guarded || dialogue == null) {
            return true;
        }
        identity.recall();
        return identity.mayHear(dialogue.listening().all());
    }

    private int heard(Kind kind) {
        return dialogue == null ? 0 : dialogue.heard(kind);
    }

    @Override
    public Failure refusal() {
        return refusal;
    }

    @Override
    public boolean trusted() {
        return identity.trusted();
    }

    @Override
    public int lane() {
        return settings.lanes().lane(dialect, database);
    }

    Dialect dialect() {
        return dialect;
    }

    @Override
    public boolean needsQuiet(Request request) {
        var command = (RedisCommand) request.command();
        return command == RedisCommand.SELECT
                || command == RedisCommand.HELLO
                || command == RedisCommand.RESET
                || command == RedisCommand.CLIENT_REPLY
                || command != null && command.isApart() && (dialogue == null || !dialogue.queueing());
    }

    @Override
    public boolean leaving() {
        return leaving;
    }

    private byte[] answerHere(RedisCommand command, Request request) {
        if (!identity.trusted() && (command == null || !command.isForStrangers())) {
            return refuse(Failure.NOT_AUTHENTICATED, guarded ? NOT_AUTHENTICATED_AS_USER : NOT_AUTHENTICATED);
        }
        if (command == null) {
            return PlainAnswers.unknown(request);
        }
        if (command.refusal() != null) {
            return refuse(command, command.refusal());
        }
        if (!command.accepts(request.wordCount())) {
            return PlainAnswers.wrongNumberOfArguments(command);
        }
        if (!command.variants().isEmpty() && request.wordCount() > 1) {
            return ReplyBuilder.error("ERR unknown subcommand '" + shown(request, 1, SHOWN) + "'. Try "
                    + command.label().toUpperCase(Locale.ROOT) + " HELP.");
        }
        return answerLocally(command, request);
    }

    private byte[] refuse(RedisCommand command, Refusal why) {
        return refuse(
                Failure.COMMAND_REFUSED,
                ReplyBuilder.error("ERR '" + command.label() + "' is not supported by this pool: " + why.reason()));
    }

    /// `answer`, which refuses what was asked because of `reason`.
    byte[] refuse(Failure reason, byte[] answer) {
        refusal = reason;
        return answer;
    }

    private byte[] answerLocally(RedisCommand command, Request request) {
        return switch (command) {
            case PING -> listensOnly() ? PlainAnswers.pong(request, dialect) : PlainAnswers.ping(request);
            case ECHO -> PlainAnswers.echo(request);
            case QUIT -> quit();
            case RESET -> reset();
            case AUTH -> new Authentication(this).auth(request);
            case HELLO -> hello(request);
            case SELECT -> select(request);
            case TIME -> PlainAnswers.time(clock.instant(), dialect);
            case INFO -> later(new PoolInfo(inquiries(), client, settings.version()).answer(request, dialect));
            case COMMAND -> CommandReply.all(dialect);
            case COMMAND_COUNT -> CommandReply.count();
            case COMMAND_DOCS -> CommandReply.docs(request, dialect);
            case COMMAND_GETKEYS -> CommandReply.keys(request, false, dialect);
            case COMMAND_GETKEYSANDFLAGS -> CommandReply.keys(request, true, dialect);
            case COMMAND_INFO -> CommandReply.info(request, dialect);
            case COMMAND_LIST -> CommandReply.names(request);
            case CLIENT_ID -> ReplyBuilder.number(client.id());
            case CLIENT_GETNAME -> names.told(dialect);
            case CLIENT_SETNAME -> names.setName(request, 2);
            case CLIENT_SETINFO -> names.setLibrary(request);
            case CLIENT_INFO -> later(others().info(dialect));
            case CLIENT_LIST -> later(others().list(request, dialect));
            case CLIENT_KILL -> later(others().kill(request));
            case CLIENT_PAUSE -> later(others().pause(request));
            case CLIENT_UNPAUSE -> later(others().unpause());
            case CLIENT_UNBLOCK -> later(others().unblock(request));
            case CLIENT_REPLY -> replies(request);
            case CLIENT_TRACKING -> tracking(request);
            case CLIENT_CACHING -> NOT_TRACKING;
            case CLIENT_NO_EVICT, CLIENT_NO_TOUCH -> PlainAnswers.onOrOff(request);
            case CLIENT_GETREDIR -> ReplyBuilder.number(-1);
            case CLIENT_TRACKINGINFO -> PlainAnswers.trackingInfo(dialect);
            case CONFIG_GET -> later(new PoolSettings(inquiries(), settings.lanes().databases()).answer(request, dialect));
            case SLOWLOG_GET -> SlowLogReply.entries(inquiries().slowLog(), request);
            case SLOWLOG_LEN -> ReplyBuilder.number(inquiries().slowLog().size());
            case SLOWLOG_RESET -> resetSlowLog();
            case SCAN -> scan(request);
            case COPY, MOVE -> refuseDatabase(command, request);
            case FLUSHALL, FLUSHDB -> flush(command);
            case EVALSHA, EVALSHA_RO -> remedied(request, settings.pool().memory().scripts().remedy(request));
            case FCALL, FCALL_RO -> remedied(request, settings.pool().memory().libraries().remedy());
            case FUNCTION_DELETE, FUNCTION_FLUSH, FUNCTION_LOAD, FUNCTION_RESTORE -> null;
            case ACL_CAT -> AclReply.categories(request);
            case ACL_DRYRUN -> AclReply.trial(settings.users(), request);
            case ACL_GENPASS -> AclReply.newPassword(request);
            case ACL_GETUSER -> AclReply.user(settings.users(), request, dialect);
            case ACL_LIST -> AclReply.list(settings.users());
            case ACL_USERS -> AclReply.names(settings.users());
            case ACL_WHOAMI -> ReplyBuilder.bulk(identity.terms().name().getBytes(ISO_8859_1));
            case ASKING, CLUSTER, READONLY, READWRITE -> NO_CLUSTER;
            case ACL_HELP, CLIENT_HELP, COMMAND_HELP, CONFIG_HELP, FUNCTION_HELP, LATENCY_HELP, MEMORY_HELP, OBJECT_HELP,
                    PUBSUB_HELP, SCRIPT_HELP, SLOWLOG_HELP, XGROUP_HELP, XINFO_HELP ->
                PlainAnswers.help(command, dialect);
            // Every row is above that the session has a say in, which a test holds true; a row that is not would be a bug of ours.
            default -> throw new IllegalStateException("nobody answers " + command.label());
        };
    }

    /// At most `bytes` bytes of a word, one character per byte.
    static String shown(Request request, int word, int bytes) {
        var text = new StringBuilder();
        for (int i = 0; i < Math.min(request.wordLength(word), bytes); i++) {
            text.append((char) (request.wordByte(word, i) & 0xff));
        }
        return text.toString();
    }

    private OtherClients others() {
        return new OtherClients(inquiries(), settings.users(), client.id());
    }

    private Inquiries inquiries() {
        return settings.pool().inquiries();
    }

    /// Not later than that.
    private byte[] onceKnown(CompletionStage<byte[]> answer) {
        var known = answer.toCompletableFuture();
        return known.isDone() ? known.join() : later(answer);
    }

    private byte[] later(CompletionStage<byte[]> answer) {
        later = answer;
        return LATER;
    }

    /// `CLIENT REPLY`: OK is heard only by those who want to hear.
    private byte[] replies(Request request) {
        if (request.wordIs(2, "on")) {
            replies = Replies.ALL;
        } else if (request.wordIs(2, "off")) {
            replies = Replies.NONE;
        } else if (request.wordIs(2, "skip")) {
            replies = Replies.ALL_BUT_NEXT;
        } else {
            return SYNTAX_ERROR;
        }
        return OK;
    }

    /// It is off, and that is what a client may ask for.
    private byte[] tracking(Request request) {
        if (request.wordIs(2, "off") && request.wordCount() == 3) {
            return OK;
        }
        return request.wordIs(2, "on") ? refuse(RedisCommand.CLIENT_TRACKING, Refusal.TRACKING) : SYNTAX_ERROR;
    }

    private boolean listensOnly() {
        return dialogue != null && dialogue.onlyListens();
    }

    private byte[] quit() {
        leaving = true;
        return OK;
    }

    private byte[] reset() {
        identity.forget();
        dialect = Dialect.RESP2;
        database = settings.lanes().own();
        names.forgetName();
        replies = Replies.ALL;
        return RESET;
    }

    /// `HELLO [version [AUTH user password] [SETNAME name]]`: all of it or, with an error, nothing.
    private byte[] hello(Request request) {
        int words = request.wordCount();
        var newDialect = dialect;
        if (words > 1) {
            long version = request.wordNumber(1);
            if (version == Long.MIN_VALUE) {
                return ReplyBuilder.error("ERR Protocol version is not an integer or out of range");
            }
            newDialect = Dialect.ofVersion(version);
            if (newDialect == null) {
                return UNKNOWN_VERSION;
            }
            if (newDialect == Dialect.RESP3 && settings.oldServers().seenLately()) {
                return OLD_SERVER;
            }
        }
        int user = 0;
        int newName = 0;
        for (int word = 2; word < words; word++) {
            if (request.wordIs(word, "auth") && word + 2 < words) {
                user = word + 1;
                word += 2;
            } else if (request.wordIs(word, "setname") && word + 1 < words) {
                newName = ++word;
                var refusal = ClientNames.refusal(request, newName, ClientNames.CLIENT_NAMES);
                if (refusal != null) {
                    return refusal;
                }
            } else {
                return ReplyBuilder.error("ERR Syntax error in HELLO option '" + shown(request, word, SHOWN) + "'");
            }
        }
        if (user > 0) {
            var refusal = new Authentication(this).authenticateUser(request, user);
            if (refusal != null) {
                return refusal;
            }
        }
        if (!identity.trusted()) {
            return refuse(Failure.NOT_AUTHENTICATED, HELLO_NOT_AUTHENTICATED);
        }
        if (newName > 0) {
            names.setName(request, newName);
        }
        dialect = newDialect;
        Dialect spoken = dialect;
        return onceKnown(settings.pool()
                .memory()
                .versions()
                .oldest(inquiries())
                .thenApply(version -> greeting(version, client.id(), spoken)));
    }

    /// The version is that of the servers, by which clients choose what they ask for; Cashew's own is in `INFO`.
    private static byte[] greeting(ServerVersion version, int client, Dialect dialect) {
        return new ReplyBuilder(dialect)
                .map(7)
                .string("server").string("cashew")
                .string("version").string(version.text())
                .string("proto").integer(dialect.version())
                .string("id").integer(client)
                .string("mode").string("standalone")
                .string("role").string("master")
                .string("modules").array(0)
                .bytes();
    }

    private byte[] select(Request request) {
        long number = request.wordNumber(1);
        if (number == Long.MIN_VALUE) {
            return ReplyBuilder.error("ERR value is not an integer or out of range");
        }
        int selected = settings.lanes().selected(number);
        if (selected < 0) {
            return outOfRange();
        }
        database = selected;
        return OK;
    }

    private byte[] outOfRange() {
        return ReplyBuilder.error("ERR DB index is out of range: this pool serves " + settings.lanes());
    }

    /// Null if every database that `request` names besides the client's is one of the pool's, and called by the number it has on
    /// servers; and null if it is for the server to say what is wrong with the request.
    byte[] refuseDatabase(RedisCommand command, Request request) {
        return switch (command) {
            case MOVE -> refuseDatabase(request, 2);
            case COPY -> {
                byte[] refusal = null;
                for (int word = 3; refusal == null && word < request.wordCount() - 1; word++) {
                    if (request.wordIs(word, "db")) {
                        refusal = refuseDatabase(request, ++word);
                    }
                }
                yield refusal;
            }
            default -> null;
        };
    }

    private byte[] refuseDatabase(Request request, int word) {
        long number = request.wordNumber(word);
        boolean served = number >= 0 && settings.lanes().selected(number) == number;
        return served || number == Long.MIN_VALUE ? null : outOfRange();
    }

    /// Null if there is a server to ask.
    private byte[] scan(Request request) {
        var cursor = ScanTour.read(request.word(1));
        if (cursor.isEmpty()) {
            return INVALID_CURSOR;
        }
        int server = settings.pool().tour().server(cursor.getAsLong(), settings.pool().passedOver().get());
        if (server < 0) {
            return LAST_PAGE;
        }
        request.sentTo(server);
        return null;
    }

    /// Null: servers answer.
    private static byte[] remedied(Request request, Remedy remedy) {
        request.remedy(request.length() <= LONGEST_REMEDIED ? remedy : null);
        return null;
    }

    /// Null if the pool allows it.
    private byte[] flush(RedisCommand command) {
        return settings.pool().mayFlush() ? null : refuse(command, MAY_NOT_FLUSH);
    }

    private byte[] resetSlowLog() {
        inquiries().slowLog().reset();
        return OK;
    }
}
