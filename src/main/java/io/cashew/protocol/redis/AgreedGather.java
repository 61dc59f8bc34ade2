package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.util.function.Consumer;

/// SCRIPT LOAD: what all servers say alike. SCRIPT EXISTS: the same, but where one says `1` and another `0` it is `0`.
final class AgreedGather extends RedisGather {
    private final boolean flags;
    private final Consumer<byte[]> whenAgreed;
    private byte[] answer;

    /// `whenAgreed` hears the answer when all have given it.
    AgreedGather(boolean flags, Consumer<byte[]> whenAgreed) {
        this.flags = flags;
        this.whenAgreed = whenAgreed;
    }

    @Override
    boolean accept(int part, Frame response) {
        byte[] said = FramedReply.bytesOf(response);
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
