package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.nio.charset.StandardCharsets;

/// MSET: `+OK` when every part says so.
final class OkGather extends RedisGather {
    private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);

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
