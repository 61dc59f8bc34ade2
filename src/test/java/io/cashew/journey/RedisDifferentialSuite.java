package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.Language;
import io.cashew.fixture.ProtocolClient;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// With Redis, in either dialect, a pool of three servers answers as one if the keys of a command share a tag, or says that they live on several
/// servers. Words that begin with `@` are keys.
abstract class RedisDifferentialSuite extends DifferentialSuite {
    RedisDifferentialSuite(Language dialect) {
        super(dialect, "commands.txt", "hash: md5", "hash_tag: \"{}\"");
    }

    @Override
    Stream<String> forOneServer(Stream<String> block) {
        return block;
    }

    /// Every key gets the same tag.
    @Override
    Stream<String> forThreeServers(Stream<String> block) {
        return block.map(line -> line.replaceAll("(?<= )@[^ ]*", "$0{tag}"));
    }

    @Override
    String ask(ProtocolClient client, String line) {
        return client.ask(RespClient.text(RespClient.encode(words(line))));
    }

    @Test
    void aPoolAnswersAsOneServerOrSaysThatKeysLiveOnSeveral() throws IOException {
        var refused = new ArrayList<String>();
        var different = new ArrayList<String>();
        int asked = 0;
        try (var pool = connect("three")) {
            for (List<String> block : blocks()) {
                flush();
                for (String line : block) {
                    String expected = ask(direct, line);
                    String answer = ask(pool, line);
                    asked++;
                    if (answer.startsWith("-CROSSSLOT ")) {
                        // From here on the databases are not the same any more.
                        refused.add(line);
                        break;
                    }
                    if (!answer.equals(expected)) {
                        different.add(difference(line, expected, answer));
                    }
                }
            }
        }

        assertThat(different).isEmpty();
        assertThat(refused).as("refused of %d", asked).hasSizeBetween(10, 40);
        assertThat(asked).isGreaterThan(350);
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" "))
                .map(word -> word.equals("\"\"") ? "" : Escapes.decode(word))
                .map(word -> word.startsWith("@") ? word.substring(1) : word)
                .toArray(String[]::new);
    }
}
