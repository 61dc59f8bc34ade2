package io.cashew.protocol.memcache;

import io.cashew.protocol.Gather;
import io.cashew.protocol.Request;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Joins the answers to the parts of a `get`, and to what every server is told, as one server would have answered; and
/// keeps from a client what it has asked not to hear.
///
/// When a server answers its part with an error, that error is the answer to the whole: the first one in the pool's server
/// order. (twemproxy says `SERVER_ERROR Invalid argument` whatever the server said, and closes.)
abstract sealed class MemcacheGather implements Gather {
    private static final byte[] STRANGE = "SERVER_ERROR a server answered a part of this command with an unexpected reply\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    static ByteBuf copyOf(byte[] reply) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(reply.length, reply.length).writeBytes(reply);
    }

    private static void drop(ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }

    private static boolean startsWith(ByteBuf reply, int at, String word) {
        if (reply.writerIndex() - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (reply.getByte(at + i) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isError(ByteBuf reply, int at) {
        return startsWith(reply, at, "SERVER_ERROR")
                || startsWith(reply, at, "CLIENT_ERROR")
                || startsWith(reply, at, "ERROR");
    }

    /// `noreply`: whatever the server says, the client hears nothing, not even of a failure.
    static final class Noreply extends MemcacheGather {
        @Override
        public void part(int part, Frame response) {
            // Not even looked at.
        }

        @Override
        public ByteBuf join() {
            return Unpooled.EMPTY_BUFFER;
        }

        @Override
        public boolean silent() {
            return true;
        }

        @Override
        public void release() {
            // Nothing has been kept.
        }
    }

    /// The flag `q`: the client hears the answer unless it is one of the hidden ones, which are known by two letters.
    static final class Quiet extends MemcacheGather {
        private final List<String> hidden;
        private ByteBuf answer;

        Quiet(List<String> hidden) {
            this.hidden = hidden;
        }

        @Override
        public void part(int part, Frame response) {
            answer = response.take();
        }

        @Override
        public ByteBuf join() {
            ByteBuf heard = answer;
            answer = null;
            int at = heard.readerIndex();
            for (String word : hidden) {
                // EN is not END.
                if (startsWith(heard, at, word) && heard.getByte(at + word.length()) <= ' ') {
                    heard.release();
                    return Unpooled.EMPTY_BUFFER;
                }
            }
            return heard;
        }

        @Override
        public void release() {
            drop(answer);
            answer = null;
        }
    }

    /// What every server is told: `OK` when all say so.
    static final class AllOk extends MemcacheGather {
        private ByteBuf other;
        private int otherPart = Integer.MAX_VALUE;
        private ByteBuf ok;

        @Override
        public void part(int part, Frame response) {
            ByteBuf answer = response.take();
            if (startsWith(answer, answer.readerIndex(), "OK")) {
                drop(ok);
                ok = answer;
            } else if (part < otherPart) {
                drop(other);
                other = answer;
                otherPart = part;
            } else {
                answer.release();
            }
        }

        @Override
        public ByteBuf join() {
            ByteBuf joined = other == null ? ok : other;
            drop(other == null ? null : ok);
            ok = null;
            other = null;
            return joined;
        }

        @Override
        public void release() {
            drop(ok);
            drop(other);
            ok = null;
            other = null;
        }
    }

    /// get, gets, gat, gats: the values that were found, in the order of the keys, then END.
    ///
    /// A part leaves out keys it does not have, so its next value belongs to the next of its keys that has the same name.
    static final class InKeyOrder extends MemcacheGather {
        /// As large as a buffer can be.
        private static final long REPLY_MAX = Integer.MAX_VALUE - 64;
        private static final byte[] TOO_LARGE =
                "SERVER_ERROR the values are too large for one answer\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] END = "END\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] VALUE = "VALUE ".getBytes(StandardCharsets.US_ASCII);

        private final int[] partOfKey;
        private final ByteBuf[] parts;
        /// All keys one behind the other, and where each ends.
        private final byte[] keys;
        private final int[] keyEnd;

        InKeyOrder(Request request, int[] partOfKey, int parts) {
            this.partOfKey = partOfKey;
            this.parts = new ByteBuf[parts];
            this.keyEnd = new int[partOfKey.length];
            int length = 0;
            for (int key = 0; key < keyEnd.length; key++) {
                length += request.wordLength(request.keyWord(key));
                keyEnd[key] = length;
            }
            this.keys = new byte[length];
            int at = 0;
            for (int key = 0; key < keyEnd.length; key++) {
                int word = request.keyWord(key);
                MemorySegment.copy(
                        request.bytes(), ValueLayout.JAVA_BYTE, request.wordStart(word), keys, at, keyEnd[key] - at);
                at = keyEnd[key];
            }
        }

        @Override
        public void part(int part, Frame response) {
            parts[part] = response.take();
        }

        @Override
        public ByteBuf join() {
            long size = END.length;
            for (ByteBuf part : parts) {
                size += part.readableBytes();
            }
            if (size > REPLY_MAX) {
                release();
                return copyOf(TOO_LARGE);
            }
            ByteBuf joined = PooledByteBufAllocator.DEFAULT.directBuffer((int) size);
            for (int key = 0; key < partOfKey.length; key++) {
                ByteBuf part = parts[partOfKey[key]];
                if (isNext(part, key)) {
                    joined.writeBytes(part, valueEnd(part) - part.readerIndex());
                }
            }
            ByteBuf wrong = whatIsNotEnd();
            if (wrong != null) {
                joined.release();
                joined = wrong;
            } else {
                joined.writeBytes(END);
            }
            release();
            return joined;
        }

        /// Every part has been read up to its END, unless a server has said something else.
        private ByteBuf whatIsNotEnd() {
            for (ByteBuf part : parts) {
                int at = part.readerIndex();
                if (isError(part, at)) {
                    return part.readRetainedSlice(part.readableBytes());
                }
                if (!startsWith(part, at, "END\r\n")) {
                    return copyOf(STRANGE);
                }
            }
            return null;
        }

        /// Whether the next value of `part` is that of key `key`.
        private boolean isNext(ByteBuf part, int key) {
            int start = key == 0 ? 0 : keyEnd[key - 1];
            int length = keyEnd[key] - start;
            int at = part.readerIndex();
            if (part.readableBytes() < VALUE.length + length + 1) {
                return false;
            }
            for (int i = 0; i < VALUE.length; i++) {
                if (part.getByte(at + i) != VALUE[i]) {
                    return false;
                }
            }
            at += VALUE.length;
            for (int i = 0; i < length; i++) {
                if (part.getByte(at + i) != keys[start + i]) {
                    return false;
                }
            }
            return part.getByte(at + length) == ' ';
        }

        /// Behind the value that is next: `VALUE key flags 5 CRLF value CRLF`. The reply has been framed before, so it is there.
        private static int valueEnd(ByteBuf part) {
            int at = part.readerIndex();
            for (int blanks = 0; blanks < 3; at++) {
                if (part.getByte(at) == ' ') {
                    blanks++;
                }
            }
            int length = 0;
            for (byte digit = part.getByte(at); digit >= '0' && digit <= '9'; digit = part.getByte(++at)) {
                length = length * 10 + digit - '0';
            }
            while (part.getByte(at) != '\n') {
                at++;
            }
            return at + 1 + length + 2;
        }

        @Override
        public void release() {
            for (int part = 0; part < parts.length; part++) {
                drop(parts[part]);
                parts[part] = null;
            }
        }
    }
}
