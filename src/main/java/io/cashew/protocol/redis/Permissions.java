package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import io.cashew.protocol.Topic;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;

/// What a user may do: which commands, with which keys and channels. Immutable; asked for every request of a pool with users, so
/// that finding out allocates nothing.
final class Permissions {
    /// What [#denied(RedisCommand, Request)] says when nothing is.
    static final int NOTHING = -1;

    static final Permissions ALL;
    static final Permissions NONE = new Permissions(new BitSet(), "-@all", List.of(), List.of());

    static {
        var every = new BitSet();
        every.set(0, RedisCommand.values().length);
        var all = Glob.of("*");
        ALL = new Permissions(every, "+@all", List.of(new KeyPattern(all, true, true)), List.of(all));
    }

    private static final String EVERYTHING = "*";

    private final BitSet commands;
    private final String commandRules;
    private final List<KeyPattern> keys;
    private final List<Glob> channels;
    private final boolean allKeys;
    private final boolean readsAllKeys;
    private final boolean allChannels;

    /// `commands` are ordinals; what a client says to become somebody is always allowed. `commandRules` are the rules they come
    /// from.
    Permissions(BitSet commands, String commandRules, List<KeyPattern> keys, List<Glob> channels) {
        this.commands = (BitSet) commands.clone();
        this.commandRules = commandRules;
        this.keys = List.copyOf(keys);
        this.channels = List.copyOf(channels);
        for (var command : RedisCommand.values()) {
            if (command.isForStrangers()) {
                this.commands.set(command.ordinal());
            }
        }
        allKeys = keys.stream().anyMatch(key -> isEverything(key.glob()) && key.reads() && key.writes());
        readsAllKeys = keys.stream().anyMatch(key -> isEverything(key.glob()) && key.reads());
        allChannels = channels.stream().anyMatch(Permissions::isEverything);
    }

    private static boolean isEverything(Glob glob) {
        return glob.toString().equals(EVERYTHING);
    }

    boolean allows(RedisCommand command) {
        return commands.get(command.ordinal());
    }

    /// The first word of `request` that the user may not say: 0 for the command itself, or that of a key or channel; or
    /// [#NOTHING]. The request's keys have been located, and it has as many words as its command takes.
    int denied(RedisCommand command, Request request) {
        if (!commands.get(command.ordinal())) {
            return 0;
        }
        return switch (ChannelUse.of(command)) {
            case NONE -> allKeys ? NOTHING : deniedKey(command, request);
            case FIRST_WORD -> allChannels ? NOTHING : deniedChannel(request, 2, false);
            case ALL_WORDS -> allChannels ? NOTHING : deniedChannel(request, request.wordCount(), false);
            case PATTERNS -> allChannels ? NOTHING : deniedChannel(request, request.wordCount(), true);
            case ANY -> NOTHING;
        };
    }

    private int deniedKey(RedisCommand command, Request request) {
        for (int key = 0; key < request.keyCount(); key++) {
            int word = request.keyWord(key);
            if (!allowsKey(KeyFlags.of(command, request, key), request, word)) {
                return word;
            }
        }
        return NOTHING;
    }

    private boolean allowsKey(KeyFlags use, Request request, int word) {
        for (int i = 0; i < keys.size(); i++) {
            var pattern = keys.get(i);
            if (pattern.allows(use) && pattern.glob().matches(request, word)) {
                return true;
            }
        }
        return false;
    }

    private int deniedChannel(Request request, int end, boolean patterns) {
        for (int word = 1; word < end; word++) {
            if (!allowsChannel(request, word, patterns)) {
                return word;
            }
        }
        return NOTHING;
    }

    private boolean allowsChannel(Request request, int word, boolean pattern) {
        for (int i = 0; i < channels.size(); i++) {
            var channel = channels.get(i);
            if (pattern ? channel.isWrittenAs(request, word) : channel.matches(request, word)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the user may hear what is published there.
    boolean mayHear(Topic topic) {
        if (allChannels) {
            return true;
        }
        if (topic.kind() == Topic.Kind.PATTERN) {
            return channels.stream().anyMatch(channel -> channel.toString().equals(topic.name()));
        }
        var name = MemorySegment.ofArray(topic.bytes());
        return channels.stream().anyMatch(channel -> channel.matches(name, 0, name.byteSize()));
    }

    /// The option with which `request`, a SORT, would read keys that it does not name, or null if there is none or the user may
    /// read all.
    String deniedOption(Request request) {
        for (int word = 2; !readsAllKeys && word < request.wordCount() - 1; word++) {
            if (request.wordIs(word, "by") && hasStar(request, word + 1)) {
                return "BY";
            }
            if (request.wordIs(word, "get")) {
                return "GET";
            }
            if (request.wordIs(word, "by") || request.wordIs(word, "store")) {
                word++;
            } else if (request.wordIs(word, "limit")) {
                word += 2;
            }
        }
        return null;
    }

    private static boolean hasStar(Request request, int word) {
        for (int i = 0; i < request.wordLength(word); i++) {
            if (request.wordByte(word, i) == '*') {
                return true;
            }
        }
        return false;
    }

    /// The rules about commands, as the user's line has them.
    String commandRules() {
        return commandRules;
    }

    List<KeyPattern> keys() {
        return keys;
    }

    List<Glob> channels() {
        return channels;
    }
}
