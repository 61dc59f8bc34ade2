package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.List;

/// PFCOUNT: how many different elements all HyperLogLogs have seen together. Each is asked for as the string it is.
record UnionCount() implements Computation {
    private static final byte[] NOT_ONE = ReplyBuilder.error("WRONGTYPE Key is not a valid HyperLogLog string value.");
    private static final byte[] CORRUPT = ReplyBuilder.error("INVALIDOBJ Corrupted HLL object detected");

    @Override
    public byte[] answer(List<ByteBuf> answers) {
        var union = new HyperLogLog();
        for (ByteBuf answer : answers) {
            var reader = new ReplyReader(answer);
            String value = reader.string();
            if (!reader.sound()) {
                return null;
            }
            if (value != null) {
                byte[] bytes = value.getBytes(ISO_8859_1);
                if (!HyperLogLog.isOne(bytes)) {
                    return NOT_ONE;
                }
                if (!union.merge(bytes)) {
                    return CORRUPT;
                }
            }
        }
        return ReplyBuilder.number(union.count());
    }
}
