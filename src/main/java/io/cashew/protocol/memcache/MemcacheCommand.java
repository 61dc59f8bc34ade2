package io.cashew.protocol.memcache;

import static io.cashew.protocol.memcache.MemcacheCommand.Access.READ;
import static io.cashew.protocol.memcache.MemcacheCommand.Access.WRITE;

import io.cashew.protocol.Command;
import io.cashew.protocol.Request;
import java.util.List;

/// Every command of memcached's text protocol, one row each: what it is called, how its line is laid out, whether it may
/// change data, and how it travels. Nothing about a command stands anywhere else.
///
/// - A row whose form has many keys is split by server; one with a single key goes to the server that has it.
/// - A row with a [Refusal] is answered with an error that says why.
/// - A meta row names the answers that memcached keeps to itself when the request has the flag `q`.
public enum MemcacheCommand implements Command {
    // Read
    GET("get", Form.KEYS, READ),
    GETS("gets", Form.KEYS, READ),
    GAT("gat", Form.TIME_AND_KEYS, WRITE),
    GATS("gats", Form.TIME_AND_KEYS, WRITE),

    // Store
    SET("set", Form.VALUE, WRITE),
    ADD("add", Form.VALUE, WRITE),
    REPLACE("replace", Form.VALUE, WRITE),
    APPEND("append", Form.VALUE, WRITE),
    PREPEND("prepend", Form.VALUE, WRITE),
    CAS("cas", Form.UNIQUE_VALUE, WRITE),

    // Change
    DELETE("delete", Form.KEY, WRITE),
    INCR("incr", Form.KEY_AND_NUMBER, WRITE),
    DECR("decr", Form.KEY_AND_NUMBER, WRITE),
    TOUCH("touch", Form.KEY_AND_NUMBER, WRITE),

    // Meta
    MG("mg", Form.KEY_AND_FLAGS, WRITE, List.of("EN")),
    MS("ms", Form.VALUE_AND_FLAGS, WRITE, List.of("HD")),
    MD("md", Form.KEY_AND_FLAGS, WRITE, List.of("HD")),
    MA("ma", Form.KEY_AND_FLAGS, WRITE, List.of("HD", "VA")),
    ME("me", Form.KEY_AND_FLAGS, READ, List.of()),
    MN("mn", Form.WORDS, Spread.LOCAL),

    // The pool
    VERSION("version", Form.WORDS, Spread.ANY_SERVER),
    VERBOSITY("verbosity", Form.NUMBER, Spread.EVERY_SERVER),
    FLUSH_ALL("flush_all", Form.NUMBER, Spread.EVERY_SERVER),
    STATS("stats", Form.WORDS, Spread.LOCAL),
    QUIT("quit", Form.WORDS, Spread.LOCAL),

    // The servers
    CACHE_MEMLIMIT("cache_memlimit", Refusal.ADMINISTRATION),
    EXTSTORE("extstore", Refusal.ADMINISTRATION),
    LRU("lru", Refusal.ADMINISTRATION),
    LRU_CRAWLER("lru_crawler", Refusal.ADMINISTRATION),
    REFRESH_CERTS("refresh_certs", Refusal.ADMINISTRATION),
    SHUTDOWN("shutdown", Refusal.ADMINISTRATION),
    SLABS("slabs", Refusal.ADMINISTRATION),
    WATCH("watch", Refusal.STREAM);

    /// Whether a command may change data. A meta get may: it can touch, and create what it does not find.
    enum Access {
        READ,
        WRITE
    }

    private static final int LONGEST = 16;
    private static final int SLOTS = 128;
    private static final MemcacheCommand[] BY_NAME = new MemcacheCommand[SLOTS];

    static {
        for (var row : values()) {
            int slot = slot(row.head, row.tail);
            while (BY_NAME[slot] != null) {
                slot = slot + 1 & SLOTS - 1;
            }
            BY_NAME[slot] = row;
        }
    }

    private final String label;
    private final Form form;
    private final Access access;
    private final Spread spread;
    private final List<String> hidden;
    private final Refusal refusal;
    private final boolean routed;
    private final long head;
    private final long tail;

    MemcacheCommand(String label, Form form, Access access) {
        this(label, form, access, form.hasManyKeys() ? Spread.SPLIT : Spread.ONE_SERVER, List.of(), null);
    }

    MemcacheCommand(String label, Form form, Access access, List<String> hidden) {
        this(label, form, access, Spread.ONE_SERVER, hidden, null);
    }

    MemcacheCommand(String label, Form form, Spread spread) {
        this(label, form, spread == Spread.EVERY_SERVER ? WRITE : READ, spread, List.of(), null);
    }

    MemcacheCommand(String label, Refusal refusal) {
        this(label, Form.WORDS, WRITE, Spread.REFUSED, List.of(), refusal);
    }

    MemcacheCommand(String label, Form form, Access access, Spread spread, List<String> hidden, Refusal refusal) {
        this.label = label;
        this.form = form;
        this.access = access;
        this.spread = spread;
        this.hidden = hidden;
        this.refusal = refusal;
        this.routed = spread != Spread.LOCAL && spread != Spread.REFUSED;
        this.head = pack(label, 0);
        this.tail = pack(label, 8);
    }

    /// The command whose name is word 0 of `request`, letter by letter, or null.
    static MemcacheCommand of(Request request) {
        int length = request.wordLength(0);
        if (length > LONGEST) {
            return null;
        }
        long head = 0;
        long tail = 0;
        for (int i = 0; i < length; i++) {
            long letter = request.wordByte(0, i) & 0xffL;
            if (i < 8) {
                head |= letter << 8 * i;
            } else {
                tail |= letter << 8 * (i - 8);
            }
        }
        int slot = slot(head, tail);
        while (BY_NAME[slot] != null && (BY_NAME[slot].head != head || BY_NAME[slot].tail != tail)) {
            slot = slot + 1 & SLOTS - 1;
        }
        MemcacheCommand found = BY_NAME[slot];
        // A NUL at the end packs like no letter at all.
        return found == null || found.label.length() != length ? null : found;
    }

    private static int slot(long head, long tail) {
        return (int) ((head ^ Long.rotateLeft(tail, 32)) * 0x9e3779b97f4a7c15L >>> 57);
    }

    /// Up to eight letters from `from` on as one number, the first one lowest.
    private static long pack(String name, int from) {
        long packed = 0;
        for (int i = from; i < Math.min(name.length(), from + 8); i++) {
            packed |= (long) name.charAt(i) << 8 * (i - from);
        }
        return packed;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Spread spread() {
        return spread;
    }

    @Override
    public boolean writes() {
        return access == WRITE;
    }

    /// Whether this command is for servers to answer.
    boolean isRouted() {
        return routed;
    }

    Form form() {
        return form;
    }

    /// The answers, by their two letters, that a quiet request (flag `q`) does not get to hear.
    List<String> hidden() {
        return hidden;
    }

    /// Why this is refused; null unless it is.
    Refusal refusal() {
        return refusal;
    }
}
