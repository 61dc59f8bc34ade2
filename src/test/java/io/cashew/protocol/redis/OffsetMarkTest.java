package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Failure;
import io.cashew.transport.Frame;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetMarkTest {
    @ParameterizedTest
    @CsvSource({
        "6.2.0,  standalone, -ERR unknown command, true",
        "7.0.15, standalone, -NOPERM no,           true",
        "7.0.15, cluster,    :0,                   true",
        "7.2.0,  standalone, :0,                   true",
        "7.2.0,  standalone, -NOPERM no,           false",
        "7.2.0,  standalone, -ERR unknown command, false",
        "7.2.4,  cluster,    :0,                   false",
        "8.0.0,  standalone, :3,                   true",
        "255.255.255, standalone, -ERR no,         false",
    })
    void anAnswerCountsIfTheOffsetHasMovedForCertain(String version, String mode, String publishing, boolean counts) {
        var mark = new OffsetMark();

        hear(mark, 0, publishing + "\r\n");
        String info = "# Server\r\nredis_version:" + version + "\r\nredis_mode:" + mode + "\r\nos:Linux\r\n";
        hear(mark, 1, "$" + info.length() + "\r\n" + info + "\r\n");

        assertThat(mark.doubt()).isEqualTo(counts ? null : Failure.REPLICAS_UNCERTAIN);
    }

    @ParameterizedTest
    @CsvSource({":0,-NOPERM no", ":0,$-1", "-NOPERM no,-NOPERM no"})
    void withoutInformationItDoesNot(String publishing, String info) {
        var mark = new OffsetMark();

        hear(mark, 0, publishing + "\r\n");
        hear(mark, 1, info + "\r\n");

        assertThat(mark.doubt()).isEqualTo(Failure.REPLICAS_UNCERTAIN);
    }

    private static void hear(OffsetMark mark, int request, String reply) {
        var frame = new Frame();
        frame.place(MemorySegment.ofArray(reply.getBytes(ISO_8859_1)), 0, reply.length(), null);
        mark.hear(request, frame);
    }
}
