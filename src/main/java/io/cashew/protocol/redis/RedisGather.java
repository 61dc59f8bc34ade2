package io.cashew.protocol.redis;

import io.cashew.protocol.Gather;
import io.cashew.protocol.ScatteredValues;
import io.cashew.protocol.Split;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Joins the replies to the parts of MGET, MSET, DEL and their like as one server would have answered.
///
/// When a server answers its part with an error, that error is the answer to the whole: the first one in the pool's server
/// order. (twemproxy says `-ERR Invalid argument` whatever the server said.)
abstract sealed class RedisGather implements Gather {
    private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STRANGE =
            "-ERR a server answered a part of this command with an unexpected reply\r\n".getBytes(StandardCharsets.US_ASCII);

    /// With the type before them, the digits of a number that fits into 64 bits in any case.
    private static final int MOST_DIGITS = 19;

    private ByteBuf error;
    private int errorPart;
    private boolean strange;

    @Override
    public final void part(int part, Frame response) {
        byte type = response.byteAt(0);
        if (type != '-' && type != '!') {
            strange |= !accept(part, response);
        } else if (error == null || part < errorPart) {
            dropError();
            error = response.take();
            errorPart = part;
        }
    }

    @Override
    public final long length() {
        if (error != null) {
            return error.readableBytes();
        }
        return strange ? STRANGE.length : joinedLength();
    }

    @Override
    public final void join(ByteSink out) {
        try {
            if (error != null) {
                out.writeAndRelease(error.retain());
            } else if (strange) {
                out.write(STRANGE);
            } else {
                joinParts(out);
            }
        } finally {
            release();
        }
    }

    @Override
    public void release() {
        dropError();
        strange = false;
    }

    /// The number in the first line of `response`, `:42 CRLF` or `*3 CRLF`; negative if it is not one of `type`, or not a
    /// count.
    static long number(Frame response, char type) {
        if (response.byteAt(0) != type) {
            return -1;
        }
        long number = 0;
        int at = 1;
        while (response.byteAt(at) != '\r') {
            int digit = response.byteAt(at++) - '0';
            if (digit < 0 || digit > 9 || at > MOST_DIGITS) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return at > 1 ? number : -1;
    }

    private static byte[] bytesOf(Frame response) {
        return response.bytes().asSlice(response.start(), response.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Behind the line at `at` of a reply that has been framed, or behind the reply if it ends before.
    static int behindLine(Frame response, int at) {
        int end = at;
        while (end < response.length() && response.byteAt(end) != '\n') {
            end++;
        }
        return Math.min(end + 1, response.length());
    }

    /// Behind the string at `at` of a reply that has been framed, `$5 CRLF value CRLF`; negative if there is none.
    static int behindBulk(Frame response, int at) {
        int value = behindLine(response, at);
        if (response.byteAt(at) != '$' || response.byteAt(at + 1) == '-') {
            return -1;
        }
        int length = 0;
        for (int digit = at + 1; digit < value - 2; digit++) {
            length = length * 10 + response.byteAt(digit) - '0';
        }
        return value + length + 2;
    }

    static String text(Frame response, int from, int to) {
        byte[] bytes = response.bytes().asSlice(response.start() + from, to - from).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// Takes note of the reply to part `part`; false if no such reply was expected.
    abstract boolean accept(int part, Frame response);

    abstract long joinedLength();

    abstract void joinParts(ByteSink out);

    private void dropError() {
        if (error != null) {
            error.release();
            error = null;
        }
    }

    /// MSET: `+OK` when every part says so.
    static final class AllOk extends RedisGather {
        @Override
        boolean accept(int part, Frame response) {
            return response.byteAt(0) == '+';
        }

        @Override
        long joinedLength() {
            return OK.length;
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(OK);
        }
    }

    /// DEL, UNLINK, TOUCH, EXISTS: the sum of the integers.
    static final class Sum extends RedisGather {
        private long sum;

        @Override
        boolean accept(int part, Frame response) {
            long number = number(response, ':');
            sum += number;
            return number >= 0;
        }

        @Override
        long joinedLength() {
            return NumberLine.integer(sum).length;
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(NumberLine.integer(sum));
        }

        @Override
        public void release() {
            super.release();
            sum = 0;
        }
    }

    /// LASTSAVE: the smallest of the integers.
    static final class Least extends RedisGather {
        private long least = Long.MAX_VALUE;

        @Override
        boolean accept(int part, Frame response) {
            long number = number(response, ':');
            least = Math.min(least, number);
            return number >= 0;
        }

        @Override
        long joinedLength() {
            return NumberLine.integer(least).length;
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(NumberLine.integer(least));
        }
    }

    /// SCRIPT LOAD: what all servers say alike. SCRIPT EXISTS: the same, but where one says `1` and another `0` it is `0`.
    static final class Agreed extends RedisGather {
        private final boolean flags;
        private final Consumer<byte[]> whenAgreed;
        private byte[] answer;

        /// `whenAgreed` hears the answer when all have given it.
        Agreed(boolean flags, Consumer<byte[]> whenAgreed) {
            this.flags = flags;
            this.whenAgreed = whenAgreed;
        }

        @Override
        boolean accept(int part, Frame response) {
            byte[] said = bytesOf(response);
            if (answer == null) {
                answer = said;
                return true;
            }
            return answer.length == said.length && agree(said);
        }

        private boolean agree(byte[] said) {
            for (int at = 0; at < said.length; at++) {
                if (said[at] != answer[at]) {
                    if (!flags || said[at] != '0' && said[at] != '1' || answer[at] != '0' && answer[at] != '1') {
                        return false;
                    }
                    answer[at] = '0';
                }
            }
            return true;
        }

        @Override
        long joinedLength() {
            return answer.length;
        }

        @Override
        void joinParts(ByteSink out) {
            whenAgreed.accept(answer);
            out.write(answer);
        }
    }

    /// KEYS: the elements of all arrays in one, in the order of the servers. XREAD: the same in the order of the keys; where a
    /// server speaks RESP3 they are maps, and where there is nothing, null. Together they are as long as one reply may be.
    static final class Chain extends RedisGather {
        private final int max;
        private final ByteBuf[] elements;
        private byte type = '*';
        private byte[] nothing;
        private long count;
        private long length;

        Chain(int parts, int max) {
            this.max = max;
            this.elements = new ByteBuf[parts];
        }

        @Override
        boolean accept(int part, Frame response) {
            byte first = response.byteAt(0);
            if (first == '_' || response.byteAt(1) == '-') {
                nothing = bytesOf(response);
                return first == '_' || first == '*';
            }
            long number = number(response, (char) first);
            if (number < 0 || first != '*' && first != '%') {
                return false;
            }
            type = first;
            int head = behindLine(response, 0);
            count += number;
            length += response.length() - head;
            if (length <= max) {
                elements[part] = response.take().skipBytes(head);
            }
            return true;
        }

        @Override
        long joinedLength() {
            return length <= max ? head().length + length : Long.MAX_VALUE;
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(head());
            for (ByteBuf part : elements) {
                if (part != null) {
                    out.writeAndRelease(part.retain());
                }
            }
        }

        private byte[] head() {
            if (count == 0 && nothing != null) {
                return nothing;
            }
            return type == '*' ? NumberLine.array((int) count) : NumberLine.map((int) count);
        }

        @Override
        public void release() {
            super.release();
            for (int part = 0; part < elements.length; part++) {
                if (elements[part] != null) {
                    elements[part].release();
                    elements[part] = null;
                }
            }
        }
    }

    /// SINTER, ZUNION, PFCOUNT and their like: what is computed when all parts have answered, if it was not too much to keep.
    static final class Computed extends RedisGather {
        /// What an element takes beside its bytes while the answer is computed.
        private static final long PER_ELEMENT = 100;

        private final Computation computation;
        private final int limit;
        private final ByteBuf[] parts;
        private long held;
        private int missing;
        private byte[] answer;

        Computed(Computation computation, int parts, int limit) {
            this.computation = computation;
            this.limit = limit;
            this.parts = new ByteBuf[parts];
            this.missing = parts;
        }

        @Override
        boolean accept(int part, Frame response) {
            held += response.length() + PER_ELEMENT * Math.max(0, number(response, (char) response.byteAt(0)));
            if (held > limit) {
                dropParts();
                answer = ReplyBuilder.error("ERR what the servers have of these keys is more than the pool's cross_server_limit of "
                        + limit + " bytes; give the keys a common hash tag");
                return true;
            }
            parts[part] = response.take();
            if (--missing == 0) {
                answer = computation.answer(List.of(parts));
                dropParts();
            }
            return missing > 0 || answer != null;
        }

        @Override
        long joinedLength() {
            return answer.length;
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(answer);
        }

        @Override
        public void release() {
            super.release();
            dropParts();
            answer = null;
        }

        private void dropParts() {
            for (int part = 0; part < parts.length; part++) {
                if (parts[part] != null) {
                    parts[part].release();
                    parts[part] = null;
                }
            }
        }
    }

    /// PUBSUB CHANNELS: the elements of all arrays, each once. Together they are as long as one reply may be.
    static final class EachOnce extends RedisGather {
        private final int max;
        private final Set<String> elements = new LinkedHashSet<>();
        private long length;

        EachOnce(int max) {
            this.max = max;
        }

        @Override
        boolean accept(int part, Frame response) {
            long number = number(response, '*');
            int at = behindLine(response, 0);
            for (long element = 0; element < number; element++) {
                int end = behindBulk(response, at);
                if (end < 0) {
                    return false;
                }
                if (length <= max && elements.add(text(response, at, end))) {
                    length += end - at;
                }
                at = end;
            }
            return number >= 0;
        }

        @Override
        long joinedLength() {
            return length <= max ? head().length + length : Long.MAX_VALUE;
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(head());
            elements.forEach(element -> out.write(element.getBytes(StandardCharsets.ISO_8859_1)));
        }

        private byte[] head() {
            return NumberLine.array(elements.size());
        }
    }

    /// PUBSUB NUMPAT and NUMSUB: as every part says it, with the largest number of each place.
    static final class Most extends RedisGather {
        /// What does not differ, and null where a number is.
        private final List<String> texts = new ArrayList<>();
        private final List<Long> numbers = new ArrayList<>();

        @Override
        boolean accept(int part, Frame response) {
            boolean first = texts.isEmpty();
            int place = 0;
            for (int at = 0; at < response.length(); place++) {
                int end = response.byteAt(at) == '$' ? behindBulk(response, at) : behindLine(response, at);
                if (end < 0 || !first && place == texts.size()) {
                    return false;
                }
                String text = text(response, at, end);
                boolean isNumber = text.startsWith(":");
                long number = isNumber ? Long.parseLong(text, 1, text.length() - 2, 10) : 0;
                if (first) {
                    texts.add(isNumber ? null : text);
                    numbers.add(number);
                } else if (isNumber ? texts.get(place) != null : !text.equals(texts.get(place))) {
                    return false;
                } else {
                    numbers.set(place, Math.max(numbers.get(place), number));
                }
                at = end;
            }
            return place == texts.size();
        }

        @Override
        long joinedLength() {
            return joined().length;
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(joined());
        }

        private byte[] joined() {
            var joined = new StringBuilder();
            for (int place = 0; place < texts.size(); place++) {
                joined.append(texts.get(place) == null ? ":" + numbers.get(place) + "\r\n" : texts.get(place));
            }
            return joined.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /// RANDOMKEY: one of the servers' keys, each server's as likely as it has keys. A server answers with their number first.
    static final class Drawn extends RedisGather {
        private final long[] keys;
        private final RandomGenerator random;
        private long keysSoFar;
        private ByteBuf drawn;
        private byte[] nothing;

        Drawn(int servers, RandomGenerator random) {
            this.keys = new long[servers];
            this.random = random;
        }

        @Override
        boolean accept(int part, Frame response) {
            if (part < keys.length) {
                keys[part] = number(response, ':');
                return keys[part] >= 0;
            }
            if (response.byteAt(1) == '-' || response.byteAt(0) == '_') {
                // Empty, or what is counted has expired.
                nothing = bytesOf(response);
                return true;
            }
            // Should the number of keys be of a moment before the first one, there is this one all the same.
            long here = Math.max(1, keys[part - keys.length]);
            keysSoFar += here;
            if (random.nextLong(keysSoFar) < here) {
                dropDrawn();
                drawn = response.take();
            }
            return response.byteAt(0) == '$';
        }

        @Override
        long joinedLength() {
            return drawn == null ? nothing.length : drawn.readableBytes();
        }

        @Override
        void joinParts(ByteSink out) {
            if (drawn == null) {
                out.write(nothing);
            } else {
                out.writeAndRelease(drawn.retain());
            }
        }

        @Override
        public void release() {
            super.release();
            dropDrawn();
        }

        private void dropDrawn() {
            if (drawn != null) {
                drawn.release();
                drawn = null;
            }
        }
    }

    /// SCAN: the page of one server, with a cursor of the pool in place of the server's.
    static final class Page extends RedisGather {
        private static final byte[] TOO_LARGE = ReplyBuilder.error("ERR the server's cursor is too large to carry the server's"
                + " place; scan the servers one by one");

        private final ScanTour tour;
        private final int server;
        private byte[] head;
        private ByteBuf page;

        Page(ScanTour tour, int server) {
            this.tour = tour;
            this.server = server;
        }

        /// `*2 CRLF $1 CRLF 5 CRLF`, and the array of keys.
        @Override
        boolean accept(int part, Frame response) {
            int cursor = behindLine(response, behindLine(response, 0));
            int keys = behindLine(response, cursor);
            if (keys == response.length() || response.byteAt(0) != '*' || response.byteAt(1) != '2' || response.byteAt(4) != '$') {
                return false;
            }
            var own = ScanTour.read(
                    response.bytes().asSlice(response.start() + cursor, keys - 2 - cursor).toArray(ValueLayout.JAVA_BYTE));
            if (own.isEmpty()) {
                return false;
            }
            var next = tour.nextCursor(server, own.getAsLong());
            if (next.isPresent()) {
                // Alike in both dialects, as the keys are.
                head = new ReplyBuilder(Dialect.RESP2).array(2).string(Long.toUnsignedString(next.getAsLong())).bytes();
                page = response.take().skipBytes(keys);
            }
            return true;
        }

        @Override
        long joinedLength() {
            return head == null ? TOO_LARGE.length : head.length + page.readableBytes();
        }

        @Override
        void joinParts(ByteSink out) {
            if (head == null) {
                out.write(TOO_LARGE);
            } else {
                out.write(head);
                out.writeAndRelease(page.retain());
            }
        }

        @Override
        public void release() {
            super.release();
            if (page != null) {
                page.release();
                page = null;
            }
        }
    }

    /// MGET: one array with the values in the order of the keys.
    static final class InKeyOrder extends RedisGather {
        private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
        private static final long NO_VALUE = -1;
        private static final String ONE_LINE = "+-:_#,(";

        private final ScatteredValues values = new ScatteredValues();
        private Split split;

        InKeyOrder of(Split split) {
            this.split = split;
            values.expect(split);
            return this;
        }

        /// The reply has been framed before, so whatever it begins is there to the end.
        @Override
        boolean accept(int part, Frame response) {
            MemorySegment bytes = response.bytes();
            long start = response.start();
            long end = start + response.length();
            if (bytes.get(BYTE, start) != '*') {
                return false;
            }
            // *2 CRLF, and the values of two keys
            long first = lineEnd(bytes, start);
            long at = first;
            int slots = split.endSlot(part);
            for (int slot = split.firstSlot(part); slot < slots; slot++) {
                at = at < end ? valueEnd(bytes, at) : NO_VALUE;
                if (at == NO_VALUE) {
                    return false;
                }
                values.endsAt(slot, (int) (at - start));
            }
            if (at != end) {
                return false;
            }
            values.keep(part, response, (int) (first - start));
            return true;
        }

        @Override
        long joinedLength() {
            return NumberLine.array(split.keys()).length + values.length();
        }

        @Override
        void joinParts(ByteSink out) {
            out.write(NumberLine.array(split.keys()));
            values.write(out);
        }

        @Override
        public void release() {
            super.release();
            values.release();
            split = null;
        }

        /// Behind the value at `at`: `$5 CRLF value CRLF`, or one line, such as `$-1 CRLF` and `_ CRLF`.
        private static long valueEnd(MemorySegment bytes, long at) {
            byte type = bytes.get(BYTE, at);
            if (type != '$') {
                return ONE_LINE.indexOf(type) < 0 ? NO_VALUE : lineEnd(bytes, at);
            }
            long digit = at + 1;
            byte b = bytes.get(BYTE, digit);
            if (b == '-') {
                return lineEnd(bytes, at);
            }
            long length = 0;
            while (b != '\r') {
                length = length * 10 + b - '0';
                b = bytes.get(BYTE, ++digit);
            }
            return digit + 2 + length + 2;
        }

        private static long lineEnd(MemorySegment bytes, long at) {
            long end = at + 2;
            while (bytes.get(BYTE, end - 1) != '\r' || bytes.get(BYTE, end) != '\n') {
                end++;
            }
            return end + 1;
        }
    }
}
