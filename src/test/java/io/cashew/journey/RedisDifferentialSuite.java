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
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// With Redis, in either dialect, a pool of three servers answers as one if the keys of a command share a tag, or says that they
/// live on several servers. Words that begin with `@` are keys.
abstract class RedisDifferentialSuite extends DifferentialSuite {
    private static final int SEQUENCES = 500;
    private static final long SEED = 20_250_901;

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

    @Test
    void sequencesAtRandomAreAnsweredByAPoolOfOneServerAsByTheServerItself() throws IOException {
        assertThat(sequences("one", "", false)).isEmpty();
    }

    @Test
    void sequencesAtRandomOverKeysWithOneTagAreAnsweredByThreeServersAsByOne() throws IOException {
        assertThat(sequences("three", "{tag}", false)).isEmpty();
    }

    @Test
    void sequencesAtRandomOverKeysAnywhereAreAnsweredAsByOneServerOrRefused() throws IOException {
        assertThat(sequences("three", "", true)).isEmpty();
    }

    /// Asks many sequences of the pool and of one server, with `tag` at the end of every key, and returns what was different. What
    /// the pool refuses because of where keys live, if that is `refusable`, is not asked of the server.
    private List<String> sequences(String name, String tag, boolean refusable) throws IOException {
        var sequences = new CallSequences(blocks().stream().flatMap(List::stream), SEED);
        var different = new ArrayList<String>();
        int refused = 0;
        int asked = 0;
        try (var pool = connect(name)) {
            for (int sequence = 0; sequence < SEQUENCES && different.size() < 10; sequence++) {
                flush();
                boolean spoilt = false;
                for (String call : sequences.next()) {
                    String line = call.replaceAll("@key\\d", "$0" + Matcher.quoteReplacement(tag));
                    String answer = ask(pool, line);
                    asked++;
                    if (refusable && answer.startsWith("-CROSSSLOT ")) {
                        refused++;
                        spoilt = true;
                        continue;
                    }
                    // Redis forgets a transaction with a call that could not be queued.
                    boolean ended = line.equals("EXEC") && spoilt && answer.startsWith("-EXECABORT ");
                    String expected = ask(direct, ended ? "DISCARD" : line);
                    if (line.equals("EXEC") || line.equals("DISCARD") || line.equals("MULTI")) {
                        spoilt = false;
                    }
                    if (!ended && !same(line, expected, answer)) {
                        different.add("sequence " + sequence + ": " + difference(line, expected, answer));
                    }
                }
            }
        }
        assertThat(asked).isGreaterThan(SEQUENCES * 4);
        assertThat(refused > 0).as("refused %d of %d", refused, asked).isEqualTo(refusable);
        return different;
    }

    private static boolean same(String line, String expected, String answer) {
        return expected.equals(answer)
                || CallSequences.isUnordered(line)
                        && Arrays.equals(expected.lines().sorted().toArray(), answer.lines().sorted().toArray());
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" "))
                .map(word -> word.equals("\"\"") ? "" : Escapes.decode(word))
                .map(word -> word.startsWith("@") ? word.substring(1) : word)
                .toArray(String[]::new);
    }
}
