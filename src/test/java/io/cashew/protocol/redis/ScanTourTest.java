package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScanTourTest {
    private static final BitSet NONE = new BitSet();
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @Test
    void everyServerIsScannedOnceFromItsStart() {
        var tour = new ScanTour(NAMES);

        assertThat(visits(tour, NONE, 0)).containsExactlyInAnyOrder("0 at 0", "1 at 0", "2 at 0", "3 at 0");
    }

    @Test
    void theServersOwnCursorComesBackToIt() {
        var tour = new ScanTour(NAMES);
        int first = tour.server(0, NONE);
        long own = (1L << 33) - 1;

        long cursor = tour.nextCursor(first, own).orElseThrow();

        assertThat(cursor).isBetween(1L << 33, (1L << 53) - 1);
        assertThat(tour.server(cursor, NONE)).isEqualTo(first);
        assertThat(tour.ownCursor(cursor, first)).isEqualTo(own);
    }

    @Test
    void aCursorThatIsTooLargeIsNotTakenForAnotherOne() {
        var tour = new ScanTour(NAMES);

        assertThat(tour.nextCursor(0, 1L << 33)).isEmpty();
        assertThat(tour.nextCursor(0, -1)).isEmpty();
    }

    @Test
    void serversThatArePassedOverAreNotAsked() {
        var tour = new ScanTour(NAMES);
        var order = visits(tour, NONE, 0);
        for (int gone = 0; gone < NAMES.size(); gone++) {
            var out = new BitSet();
            out.set(order.get(gone).charAt(0) - '0');
            var expected = new ArrayList<>(order);
            expected.remove(gone);

            assertThat(visits(tour, out, 0)).isEqualTo(expected);
        }
        var all = new BitSet();
        all.set(0, NAMES.size());
        assertThat(tour.server(0, all)).isNegative();
    }

    /// Wherever the scan is, what is left is every server that has not been scanned and is still there.
    @Test
    void aScanGoesOnAmongOtherServers() {
        var before = new ScanTour(List.of("a", "b", "c", "d"));
        var after = new ScanTour(List.of("b", "c", "d", "new"));
        var order = visits(before, NONE, 0).stream().map(visit -> visit.charAt(0) - '0').toList();
        for (int come = 0; come < order.size(); come++) {
            int server = order.get(come);
            long cursor = before.nextCursor(server, 77).orElseThrow();

            var visits = visits(after, NONE, cursor);

            for (int rank = come; rank < order.size(); rank++) {
                int old = order.get(rank);
                if (old > 0) {
                    assertThat(visits).contains(old - 1 + (old == server ? " at 77" : " at 0"));
                }
            }
            assertThat(visits).hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void theOnlyServersCursorsAreItsOwn() {
        var tour = new ScanTour(List.of("a"));
        long large = Long.parseUnsignedLong("14430143861864273311");

        for (long cursor : new long[] {0, 5, (1L << 33) - 1, 1L << 53, large}) {
            assertThat(tour.server(cursor, NONE)).isZero();
            assertThat(tour.ownCursor(cursor, 0)).isEqualTo(cursor);
            assertThat(tour.nextCursor(0, cursor)).hasValue(cursor);
        }
    }

    @Test
    void aPoolThatHasGrownStartsAgain() {
        var grown = new ScanTour(NAMES);

        for (long cursor : new long[] {5, (1L << 33) - 1, 1L << 53, -1}) {
            assertThat(visits(grown, NONE, cursor)).isEqualTo(visits(grown, NONE, 0));
        }
    }

    @Test
    void aPoolThatHasShrunkToOneGoesOnThere() {
        var before = new ScanTour(NAMES);
        var after = new ScanTour(List.of("b"));

        assertThat(visits(after, NONE, before.nextCursor(1, 9).orElseThrow())).containsExactly("0 at 9");
        var order = visits(before, NONE, 0);
        int behind = order.indexOf("1 at 0") + 1;
        if (behind < order.size()) {
            long cursor = before.nextCursor(order.get(behind).charAt(0) - '0', 9).orElseThrow();
            assertThat(visits(after, NONE, cursor)).isEmpty();
        }
    }

    @Test
    void thousandsOfServersHavePlacesOfTheirOwn() {
        int servers = 5_000;
        var tour = new ScanTour(IntStream.range(0, servers).mapToObj(number -> "server" + number).toList());

        assertThat(visits(tour, NONE, 0)).hasSize(servers).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "007, 7", "9007199254740991, 9007199254740991", "18446744073709551615, -1"})
    void numbersWithoutSignAreCursors(String text, long cursor) {
        assertThat(ScanTour.read(bytes(text))).hasValue(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1 ", "x", "0x1", "18446744073709551616", "000000000000000000000"})
    void nothingElseIsACursor(String text) {
        assertThat(ScanTour.read(bytes(text))).isEmpty();
    }

    /// The servers that are asked from `cursor` on, each of which answers with its last page.
    private static List<String> visits(ScanTour tour, BitSet passedOver, long cursor) {
        var visits = new ArrayList<String>();
        long at = cursor;
        do {
            int server = tour.server(at, passedOver);
            if (server < 0) {
                break;
            }
            visits.add(server + " at " + tour.ownCursor(at, server));
            at = tour.nextCursor(server, 0).orElseThrow();
        } while (at != 0);
        return visits;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
