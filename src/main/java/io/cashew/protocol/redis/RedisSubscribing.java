package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cashew.protocol.Limits;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.protocol.Subscribing;
import io.cashew.protocol.Topic;
import io.cashew.protocol.Topic.Kind;
import io.cashew.transport.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// SUBSCRIBE and its like, towards servers: in RESP2, which servers of every age speak, and whose messages differ from those
/// of RESP3 in their first byte only.
///
/// ```
///   *3 CRLF $7 CRLF message CRLF $1 CRLF c CRLF $5 CRLF hello CRLF
///   *4 CRLF $8 CRLF pmessage CRLF $2 CRLF c* CRLF $1 CRLF c CRLF $5 CRLF hello CRLF
/// ```
final class RedisSubscribing implements Subscribing {
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);

    /// How a message begins, up to the name of the channel or pattern it comes for.
    private static final byte[][] HEADS = new byte[Kind.values().length][];

    static {
        for (Kind kind : Kind.values()) {
            String word = Channels.prefix(kind) + "message";
            String head = "*" + (kind == Kind.PATTERN ? 4 : 3) + "\r\n$" + word.length() + "\r\n" + word + "\r\n";
            HEADS[kind.ordinal()] = head.getBytes(US_ASCII);
        }
    }

    private final Limits limits;

    RedisSubscribing(Limits limits) {
        this.limits = limits;
    }

    @Override
    public byte[] subscribe(Topic topic) {
        return request("subscribe", topic);
    }

    @Override
    public byte[] unsubscribe(Topic topic) {
        return request("unsubscribe", topic);
    }

    private static byte[] request(String verb, Topic topic) {
        return new ReplyBuilder(Dialect.RESP2)
                .array(2)
                .string(Channels.prefix(topic.kind()) + verb)
                .string(topic.bytes())
                .bytes();
    }

    @Override
    public byte[] ping() {
        return PING;
    }

    @Override
    public ResponseDecoder decoder() {
        return new MessageDecoder(new RedisResponseDecoder(limits));
    }

    @Override
    public Topic topic(Frame message) {
        Kind kind = kind(message.bytes(), message.start(), message.length());
        int head = HEADS[kind.ordinal()].length;
        int from = FramedReply.behindLine(message, head);
        int to = FramedReply.behindBulk(message, head) - 2;
        return new Topic(kind, FramedReply.text(message, from, to));
    }

    @Override
    public boolean refuses(Frame answer) {
        return answer.byteAt(0) == '-';
    }

    /// Channels with a name that matches a pattern may live anywhere. What a server tells about its own keys it tells itself, in
    /// [channels](https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/) that every server has.
    @Override
    public boolean isEverywhere(Topic topic) {
        return switch (topic.kind()) {
            case PATTERN -> true;
            case CHANNEL -> topic.name().startsWith("__keyspace@") || topic.name().startsWith("__keyevent@");
            case SHARD_CHANNEL -> false;
        };
    }

    /// What kind of message begins at `start`; null if what is there is none.
    private static Kind kind(MemorySegment bytes, long start, long length) {
        for (Kind kind : Kind.values()) {
            if (begins(bytes, start, length, HEADS[kind.ordinal()])) {
                return kind;
            }
        }
        return null;
    }

    private static boolean begins(MemorySegment bytes, long start, long length, byte[] head) {
        // A name follows.
        if (length <= head.length || bytes.get(ValueLayout.JAVA_BYTE, start + head.length) != '$') {
            return false;
        }
        for (int at = 0; at < head.length; at++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, start + at) != head[at]) {
                return false;
            }
        }
        return true;
    }

    /// Tells messages from answers.
    private static final class MessageDecoder implements ResponseDecoder {
        private final RedisResponseDecoder replies;
        private boolean message;

        MessageDecoder(RedisResponseDecoder replies) {
            this.replies = replies;
        }

        @Override
        public long decode(MemorySegment bytes, long from, long to) {
            long end = replies.decode(bytes, from, to);
            message = end > from && kind(bytes, from, end - from) != null;
            return end;
        }

        @Override
        public boolean unsolicited() {
            return message;
        }

        @Override
        public boolean serverIsUnable() {
            return replies.serverIsUnable();
        }

        @Override
        public long missing() {
            return replies.missing();
        }

        /// Every message is looked into.
        @Override
        public int opaque() {
            return 0;
        }

        @Override
        public int opaqueAt() {
            return 0;
        }

        @Override
        public void cutOut() {
            throw new IllegalStateException("nothing is opaque");
        }
    }
}
