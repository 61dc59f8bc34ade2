package io.cashew.protocol.memcache;

import io.cashew.protocol.Gather;
import io.cashew.protocol.Request;
import io.cashew.protocol.ScatteredValues;
import io.cashew.protocol.Split;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
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
    /// Keeps nothing, so that one serves all.
    static final Gather NOREPLY = new Noreply();

    private static final Frame STRANGE =
            frame("SERVER_ERROR a server answered a part of this command with an unexpected reply\r\n");

    private static Frame frame(String reply) {
        byte[] bytes = reply.getBytes(StandardCharsets.US_ASCII);
        Frame frame = new Frame();
        frame.place(MemorySegment.ofArray(bytes), 0, bytes.length, null);
        return frame;
    }

    private static boolean startsWith(Frame reply, int at, String word) {
        if (reply.length() - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (reply.byteAt(at + i) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// `noreply`: whatever the server says, the client hears nothing, not even of a failure.
    private static final class Noreply extends MemcacheGather {
        @Override
        public void part(int part, Frame response) {
            // Not even looked at.
        }

        @Override
        public long length() {
            return 0;
        }

        @Override
        public void join(ByteSink out) {
            // Nothing to say.
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

    /// Says what one of the servers has said.
    private abstract static sealed class OneOf extends MemcacheGather {
        private ByteBuf answer;
        private int answeredBy;

        /// Keeps what `part` says from byte `from` on, unless an earlier one in the pool's server order has been kept.
        final void keep(int part, Frame response, int from) {
            if (answer == null || part < answeredBy) {
                dropAnswer();
                answer = response.take().skipBytes(from);
                answeredBy = part;
            }
        }

        final boolean hasKept() {
            return answer != null;
        }

        @Override
        public long length() {
            return answer == null ? 0 : answer.readableBytes();
        }

        @Override
        public void join(ByteSink out) {
            try {
                if (answer != null) {
                    out.writeAndRelease(answer.retain());
                }
            } finally {
                release();
            }
        }

        @Override
        public void release() {
            dropAnswer();
        }

        private void dropAnswer() {
            if (answer != null) {
                answer.release();
                answer = null;
            }
        }
    }

    /// The flag `q`: the client hears the answer unless it is one of the hidden ones, which are known by two letters.
    static final class Quiet extends OneOf {
        private List<String> hidden;

        Quiet of(List<String> hidden) {
            this.hidden = hidden;
            return this;
        }

        @Override
        public void part(int part, Frame response) {
            if (!isHidden(response)) {
                keep(part, response, 0);
            }
        }

        private boolean isHidden(Frame response) {
            for (String word : hidden) {
                // EN is not END.
                if (startsWith(response, 0, word) && response.byteAt(word.length()) <= ' ') {
                    return true;
                }
            }
            return false;
        }
    }

    /// What every server is told: `OK` when all say so.
    static final class AllOk extends OneOf {
        private static final byte[] OK = "OK\r\n".getBytes(StandardCharsets.US_ASCII);

        @Override
        public void part(int part, Frame response) {
            if (!startsWith(response, 0, "OK")) {
                keep(part, response, 0);
            }
        }

        @Override
        public long length() {
            return hasKept() ? super.length() : OK.length;
        }

        @Override
        public void join(ByteSink out) {
            if (hasKept()) {
                super.join(out);
            } else {
                out.write(OK);
            }
        }
    }

    /// get, gets, gat, gats: the values that were found, in the order of the keys, then END.
    ///
    /// A part leaves out keys it does not have, so its next value belongs to the next of its keys that has the same name.
    static final class InKeyOrder extends OneOf {
        private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
        private static final byte[] END = "END\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final String VALUE = "VALUE ";
        private static final int FEW_KEYS = 16;
        private static final int FEW_BYTES = 256;

        private final ScatteredValues values = new ScatteredValues();
        private Split split;
        /// All keys one behind the other, and where each ends.
        private byte[] keys = new byte[FEW_BYTES];
        private int[] keyEnd = new int[FEW_KEYS];

        InKeyOrder of(Request request, Split split) {
            this.split = split;
            values.expect(split);
            if (keyEnd.length < split.keys()) {
                keyEnd = new int[split.room()];
            }
            int length = 0;
            for (int key = 0; key < split.keys(); key++) {
                length += request.wordLength(request.keyWord(key));
                keyEnd[key] = length;
            }
            if (keys.length < length) {
                keys = new byte[Integer.highestOneBit(length) * 2];
            }
            int at = 0;
            for (int key = 0; key < split.keys(); key++) {
                int word = request.keyWord(key);
                MemorySegment.copy(request.bytes(), BYTE, request.wordStart(word), keys, at, keyEnd[key] - at);
                at = keyEnd[key];
            }
            return this;
        }

        @Override
        public void part(int part, Frame response) {
            int at = 0;
            int slots = split.endSlot(part);
            for (int slot = split.firstSlot(part); slot < slots; slot++) {
                if (isNext(response, at, split.key(slot))) {
                    at = valueEnd(response, at);
                }
                values.endsAt(slot, at);
            }
            if (isEnd(response, at)) {
                values.keep(part, response, 0);
            } else {
                complain(part, response, at);
            }
        }

        private void complain(int part, Frame response, int at) {
            if (startsWith(response, at, "SERVER_ERROR")
                    || startsWith(response, at, "CLIENT_ERROR")
                    || startsWith(response, at, "ERROR")) {
                keep(part, response, at);
            } else {
                keep(part, STRANGE, 0);
            }
        }

        @Override
        public long length() {
            return hasKept() ? super.length() : values.length() + END.length;
        }

        @Override
        public void join(ByteSink out) {
            if (hasKept()) {
                super.join(out);
                return;
            }
            try {
                values.write(out);
                out.write(END);
            } finally {
                release();
            }
        }

        @Override
        public void release() {
            super.release();
            values.release();
            split = null;
        }

        private static boolean isEnd(Frame response, int at) {
            return response.length() - at == END.length && startsWith(response, at, "END\r\n");
        }

        /// Whether the value at `at` is that of key `key`.
        private boolean isNext(Frame response, int at, int key) {
            int start = key == 0 ? 0 : keyEnd[key - 1];
            int length = keyEnd[key] - start;
            int name = at + VALUE.length();
            if (response.length() - name <= length || !startsWith(response, at, VALUE)) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (response.byteAt(name + i) != keys[start + i]) {
                    return false;
                }
            }
            return response.byteAt(name + length) == ' ';
        }

        /// Behind the value at `at`: `VALUE key flags 5 CRLF value CRLF`. The reply has been framed before, so it is there.
        private static int valueEnd(Frame response, int at) {
            int digit = at;
            for (int blanks = 0; blanks < 3; digit++) {
                if (response.byteAt(digit) == ' ') {
                    blanks++;
                }
            }
            int length = 0;
            for (byte b = response.byteAt(digit); b >= '0' && b <= '9'; b = response.byteAt(++digit)) {
                length = length * 10 + b - '0';
            }
            while (response.byteAt(digit) != '\n') {
                digit++;
            }
            return digit + 1 + length + 2;
        }
    }
}
