package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreTextTest {
    private final ScoreText text = new ScoreText(null);

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1", "0.30000000000000004, 0.30000000000000004", "3, 3", "-3.5, -3.5", "0.0, 0", "-0.0, -0", "Infinity, inf",
        "-Infinity, -inf", "100000000, 100000000", "4503599627370495, 4503599627370495", "4503599627370497, 4503599627370497",
        "1e16, 10000000000000000", "1e18, 1000000000000000000", "4611686018427387904, 4611686018427387904",
        "9223372036854775808, 9223372036854776000", "-1e16, -10000000000000000",
        "1e20, 1e+20", "1.5e300, 1.5e+300", "1e-6, 0.000001", "1e-7, 1e-7", "1.23456e-5, 1.23456e-5",
        "0.001234567891, 0.001234567891",
        "1.25e-100, 1.25e-100", "12345678901234567000, 12345678901234567000", "-1.5e-9, -1.5e-9"
    })
    void digitsAreAsFewAsTellTheNumber(double score, String expected) {
        assertThat(text.write(score)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0.3, 0.29999999999999999", "1e-5, 1.0000000000000001e-05", "1e20, 1e+20", "1e100, 1e+100", "0.5, 0.5",
        "100000000, 100000000",
        "-0.0, -0", "-0.0001, -0.0001", "1e17, 1e+17", "12345678901234567, 12345678901234568"
    })
    void digitsAreAsManyAsAnOldServerWrites(double score, String expected) {
        text.read("0.10000000000000001");

        assertThat(text.write(score)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"6.2.0, 0.10000000000000001", "7.0.15, 0.10000000000000001", "7.2.0, 0.1", "8.0.0, 0.1", "255.255.255, 0.1"})
    void theVersionSaysHowManyDigits(String version, String expected) {
        assertThat(new ScoreText(new ServerVersion(version)).write(0.1)).isEqualTo(expected);
    }

    @Test
    void aScoreOfManyDigitsThatItNeedsSaysNothing() {
        text.read("0.30000000000000004");
        text.read("1234567890123456");

        assertThat(text.write(0.1)).isEqualTo("0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "nan", "NaN", "Infinity", "0x1", "1 ", "--1", "1f", "111111111111111111111111111111111"})
    void whatIsNoScoreIsNone(String said) {
        assertThat(text.read(said)).isNaN();
    }

    @Test
    void whatIsWrittenReadsAsTheSameNumber() {
        var random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            double score = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(score)) {
                var old = new ScoreText(new ServerVersion("7.0.15"));
                assertThat(Double.parseDouble(old.write(score))).isEqualTo(score);
                assertThat(text.read(text.write(score))).isEqualTo(score);
            }
        }
    }
}
