package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Listening;
import io.cashew.protocol.Request;
import io.cashew.protocol.Topic;
import io.cashew.protocol.Topic.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The channels and patterns one Redis client has subscribed to, and what it is told about them (`pubsub.c`): a message for
/// each, with the number of those that are left. Sharded channels are counted by themselves.
final class Channels implements Listening {
    /// The longest name, in bytes: they are kept as long as they are subscribed.
    static final int LONGEST_NAME = 1024;

    private final Supplier<Dialect> dialect;
    private final Map<Kind, Set<Topic>> heard = new EnumMap<>(Kind.class);
    private List<Topic> left = List.of();

    /// `dialect` gives the one that the client speaks now.
    Channels(Supplier<Dialect> dialect) {
        this.dialect = dialect;
        for (Kind kind : Kind.values()) {
            heard.put(kind, new LinkedHashSet<>());
        }
    }

    @Override
    public List<Topic> asked(Request request) {
        Kind kind = kind((RedisCommand) request.command());
        List<Topic> topics = new ArrayList<>(request.wordCount() - 1);
        for (int word = 1; word < request.wordCount(); word++) {
            topics.add(new Topic(kind, new String(request.word(word), ISO_8859_1)));
        }
        return topics;
    }

    @Override
    public boolean hears(Topic topic) {
        return heard.get(topic.kind()).contains(topic);
    }

    @Override
    public int count() {
        return count(Kind.CHANNEL) + count(Kind.SHARD_CHANNEL);
    }

    @Override
    public Collection<Topic> all() {
        List<Topic> all = new ArrayList<>(count());
        heard.values().forEach(all::addAll);
        return all;
    }

    @Override
    public byte[] subscribed(List<Topic> topics) {
        var told = new ReplyBuilder(dialect.get());
        for (Topic topic : topics) {
            heard.get(topic.kind()).add(topic);
            told.push(3).string(prefix(topic.kind()) + "subscribe").string(topic.bytes()).integer(count(topic.kind()));
        }
        return told.bytes();
    }

    /// Takes back what `request` names, or all of its kind if it names nothing. Returns what the client is told.
    byte[] unsubscribe(Request request) {
        Kind kind = kind((RedisCommand) request.command());
        List<Topic> topics = request.wordCount() > 1 ? asked(request) : List.copyOf(heard.get(kind));
        String told = prefix(kind) + "unsubscribe";
        var reply = new ReplyBuilder(dialect.get());
        for (Topic topic : topics) {
            if (heard.get(kind).remove(topic)) {
                leave(List.of(topic));
            }
            reply.push(3).string(told).string(topic.bytes()).integer(count(kind));
        }
        if (topics.isEmpty()) {
            reply.push(3).string(told).nothing().integer(count(kind));
        }
        return reply.bytes();
    }

    /// Takes back everything; the client is told nothing.
    void clear() {
        leave(all());
        heard.values().forEach(Set::clear);
    }

    private void leave(Collection<Topic> topics) {
        if (left.isEmpty()) {
            left = new ArrayList<>();
        }
        left.addAll(topics);
    }

    @Override
    public List<Topic> left() {
        List<Topic> topics = left;
        left = List.of();
        return topics;
    }

    @Override
    public byte mark() {
        return (byte) (dialect.get() == Dialect.RESP3 ? '>' : '*');
    }

    /// How many of this kind there are.
    int heard(Kind kind) {
        return heard.get(kind).size();
    }

    private int count(Kind kind) {
        return kind == Kind.SHARD_CHANNEL
                ? heard.get(kind).size()
                : heard.get(Kind.CHANNEL).size() + heard.get(Kind.PATTERN).size();
    }

    private static Kind kind(RedisCommand command) {
        return switch (command) {
            case PSUBSCRIBE, PUNSUBSCRIBE -> Kind.PATTERN;
            case SSUBSCRIBE, SUNSUBSCRIBE -> Kind.SHARD_CHANNEL;
            default -> Kind.CHANNEL;
        };
    }

    /// How the commands about `kind` begin, before the verb itself.
    static String prefix(Kind kind) {
        return switch (kind) {
            case CHANNEL -> "";
            case PATTERN -> "p";
            case SHARD_CHANNEL -> "s";
        };
    }
}
