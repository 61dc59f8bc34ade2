package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// PUBSUB NUMPAT and NUMSUB: as every part says it, with the largest number of each place.
final class MostGather extends RedisGather {
    /// What does not differ, and null where a number is.
    private final List<String> texts = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();

    @Override
    boolean accept(int part, Frame response) {
        boolean first = texts.isEmpty();
        int place = 0;
        for (int at = 0; at < response.length(); place++) {
            int end = response.byteAt(at) == '$' ? FramedReply.behindBulk(response, at) : FramedReply.behindLine(response, at);
            if (end < 0 || !first && place == texts.size()) {
                return false;
            }
            String text = FramedReply.text(response, at, end);
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
