package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Limits;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.protocol.Topic;
import io.cashew.protocol.Topic.Kind;
import io.cashew.transport.Frame;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSubscribingTest {
    private final RedisSubscribing subscribing = new RedisSubscribing(Limits.REDIS);

    private static String bytes(String text) {
        return text.replace(" ", "\r\n") + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "*3 $7 message $1 c $5 hello, CHANNEL, c",
        "*4 $8 pmessage $2 c* $1 c $5 hello, PATTERN, c*",
        "'*3 $8 smessage $1 c $0 ', SHARD_CHANNEL, c",
        "'*3 $7 message $0  $0 ', CHANNEL, ''"
    })
    void aMessageIsToldFromAnAnswerHoweverItArrives(String text, Kind kind, String name) {
        byte[] message = bytes(text).getBytes(ISO_8859_1);
        MemorySegment memory = MemorySegment.ofArray(message);
        ResponseDecoder decoder = subscribing.decoder();
        for (int arrived = 1; arrived < message.length; arrived++) {
            assertThat(decoder.decode(memory, 0, arrived)).isEqualTo(ResponseDecoder.INCOMPLETE);
            assertThat(decoder.opaque()).isZero();
        }
        assertThat(decoder.decode(memory, 0, message.length)).isEqualTo(message.length);
        assertThat(decoder.unsolicited()).isTrue();

        Frame frame = new Frame();
        frame.place(memory, 0, message.length, null);
        assertThat(subscribing.topic(frame)).isEqualTo(new Topic(kind, name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*3 $9 subscribe $1 c :1", "*3 $11 unsubscribe $-1 :0", "*2 $4 pong $0 ", "+PONG", "-NOPERM", "*3 $7 message :1 :2",
                "*1 $7 message", "*3 $7 massage $1 c $1 m"
            })
    void anAnswerIsNoMessage(String text) {
        byte[] answer = bytes(text).getBytes(ISO_8859_1);
        ResponseDecoder decoder = subscribing.decoder();

        assertThat(decoder.decode(MemorySegment.ofArray(answer), 0, answer.length)).isEqualTo(answer.length);
        assertThat(decoder.unsolicited()).isFalse();
    }

    @Test
    void serversAreAskedForWhatItIs() {
        assertThat(subscribing.subscribe(new Topic(Kind.CHANNEL, "c"))).asString().isEqualTo(bytes("*2 $9 subscribe $1 c"));
        assertThat(subscribing.unsubscribe(new Topic(Kind.PATTERN, "\u00ff*")))
                .isEqualTo(bytes("*2 $12 punsubscribe $2 \u00ff*").getBytes(ISO_8859_1));
        assertThat(subscribing.subscribe(new Topic(Kind.SHARD_CHANNEL, ""))).asString().isEqualTo(bytes("*2 $10 ssubscribe $0 "));
    }

    @ParameterizedTest
    @CsvSource({
        "CHANNEL, news, false", "PATTERN, news, true", "SHARD_CHANNEL, __keyspace@0__:k, false", "CHANNEL, __keyspace@0__:k, true",
        "CHANNEL, __keyevent@0__:set, true", "CHANNEL, __keys, false"
    })
    void someTopicsLiveEverywhere(Kind kind, String name, boolean everywhere) {
        assertThat(subscribing.isEverywhere(new Topic(kind, name))).isEqualTo(everywhere);
    }
}
