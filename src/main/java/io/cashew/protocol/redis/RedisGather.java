package io.cashew.protocol.redis;

import io.cashew.protocol.Gather;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/// Joins the replies to the parts of MGET, MSET, DEL and their like as one server would have answered.
///
/// When a server answers its part with an error, that error is the answer to the whole: the first one in the pool's server
/// order. (twemproxy says `-ERR Invalid argument` whatever the server said.)
abstract sealed class RedisGather implements Gather {
    private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STRANGE =
            "-ERR a server answered a part of this command with an unexpected reply\r\n".getBytes(StandardCharsets.US_ASCII);

    private ByteBuf error;
    private int errorPart = Integer.MAX_VALUE;

    @Override
    public final void part(int part, Frame response) {
        if (response.byteAt(0) == '-') {
            if (part < errorPart) {
                drop(error);
                error = response.take();
                errorPart = part;
            }
        } else {
            accept(part, response);
        }
    }

    @Override
    public final ByteBuf join() {
        if (error != null) {
            ByteBuf reply = error;
            error = null;
            release();
            return reply;
        }
        try {
            return joinParts();
        } finally {
            release();
        }
    }

    @Override
    public void release() {
        drop(error);
        error = null;
    }

    abstract void accept(int part, Frame response);

    abstract ByteBuf joinParts();

    static ByteBuf copyOf(byte[] reply) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(reply.length, reply.length).writeBytes(reply);
    }

    private static void drop(ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }

    /// MSET: `+OK` when every part says so.
    static final class AllOk extends RedisGather {
        private boolean strange;

        @Override
        void accept(int part, Frame response) {
            strange |= response.byteAt(0) != '+';
        }

        @Override
        ByteBuf joinParts() {
            return copyOf(strange ? STRANGE : OK);
        }
    }

    /// DEL, UNLINK, TOUCH, EXISTS: the sum of the integers.
    static final class Sum extends RedisGather {
        private long sum;
        private boolean strange;

        @Override
        void accept(int part, Frame response) {
            long number = count(response);
            strange |= number < 0;
            sum += number;
        }

        /// The number in `:42 CRLF`; negative if it is not a count of keys.
        private static long count(Frame response) {
            int digits = response.length() - 3;
            if (response.byteAt(0) != ':' || digits < 1 || digits > 18) {
                return -1;
            }
            long number = 0;
            for (int i = 1; i <= digits; i++) {
                int digit = response.byteAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                number = number * 10 + digit;
            }
            return number;
        }

        @Override
        ByteBuf joinParts() {
            return copyOf(strange ? STRANGE : (":" + sum + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /// MGET: one array with the values in the order of the keys.
    static final class InKeyOrder extends RedisGather {
        private final int[] partOfKey;
        private final ByteBuf[] parts;

        InKeyOrder(int[] partOfKey, int parts) {
            this.partOfKey = partOfKey;
            this.parts = new ByteBuf[parts];
        }

        @Override
        void accept(int part, Frame response) {
            parts[part] = response.take();
        }

        @Override
        ByteBuf joinParts() {
            long size = 16;
            for (ByteBuf part : parts) {
                if (part.getByte(part.readerIndex()) != '*') {
                    return copyOf(STRANGE);
                }
                // *2 CRLF: from here on the reader index walks from value to value.
                part.readerIndex(lineEnd(part, part.readerIndex()));
                size += part.readableBytes();
            }
            ByteBuf joined = PooledByteBufAllocator.DEFAULT.directBuffer(Math.toIntExact(size));
            joined.writeBytes(("*" + partOfKey.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            int key = 0;
            while (key < partOfKey.length) {
                ByteBuf part = parts[partOfKey[key]];
                int from = part.readerIndex();
                int end = from;
                // Neighbours in the request that went to the same server are neighbours in its reply: one copy for all.
                int run = key;
                while (run < partOfKey.length && partOfKey[run] == partOfKey[key]) {
                    end = valueEnd(part, end);
                    if (end < 0) {
                        joined.release();
                        return copyOf(STRANGE);
                    }
                    run++;
                }
                joined.writeBytes(part, from, end - from);
                part.readerIndex(end);
                key = run;
            }
            for (ByteBuf part : parts) {
                if (part.isReadable()) {
                    joined.release();
                    return copyOf(STRANGE);
                }
            }
            return joined;
        }

        @Override
        public void release() {
            super.release();
            for (int part = 0; part < parts.length; part++) {
                drop(parts[part]);
                parts[part] = null;
            }
        }

        /// Behind the value at `at`: `$5 CRLF value CRLF`, `$-1 CRLF`, or a one-line reply. Negative if there is none.
        private static int valueEnd(ByteBuf reply, int at) {
            if (at >= reply.writerIndex()) {
                return -1;
            }
            int line = lineEnd(reply, at);
            byte type = reply.getByte(at);
            if (type != '$') {
                return type == '*' ? -1 : line;
            }
            if (reply.getByte(at + 1) == '-') {
                return line;
            }
            int length = 0;
            for (int i = at + 1; i < line - 2; i++) {
                length = length * 10 + reply.getByte(i) - '0';
            }
            return line + length + 2;
        }

        /// The reply has been framed before, so every line has an end.
        private static int lineEnd(ByteBuf reply, int at) {
            int end = at + 2;
            while (reply.getByte(end - 1) != '\r' || reply.getByte(end) != '\n') {
                end++;
            }
            return end + 1;
        }
    }
}
