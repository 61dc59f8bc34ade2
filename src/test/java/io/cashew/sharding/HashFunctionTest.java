package io.cashew.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HashFunctionTest {
    @ParameterizedTest
    @EnumSource
    void everyMeasuredValueIsReproduced(HashFunction function) {
        Map<String, Long> measured = measured(function);
        Map<String, Long> computed = new LinkedHashMap<>();

        for (var hex : measured.keySet()) {
            var key = Vectors.key(hex);
            computed.put(hex, Integer.toUnsignedLong(function.hash(key, 0, key.length)));
        }

        assertThat(computed).hasSize(515).isEqualTo(measured);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheGivenPartOfTheArrayIsHashed(HashFunction function) {
        Map<String, Long> measured = measured(function);
        Map<String, Long> computed = new LinkedHashMap<>();

        for (var hex : measured.keySet()) {
            var key = Vectors.key(hex);
            var around = new byte[key.length + 20];
            Arrays.fill(around, (byte) 0xa5);
            System.arraycopy(key, 0, around, 7, key.length);
            computed.put(hex, Integer.toUnsignedLong(function.hash(around, 7, key.length)));
        }

        assertThat(computed).isEqualTo(measured);
    }

    @ParameterizedTest
    @EnumSource
    void noBytesHashToZero(HashFunction function) {
        assertThat(function.hash("anything".getBytes(StandardCharsets.US_ASCII), 3, 0)).isZero();
    }

    @Test
    void labelsAreThoseOfTheConfigurationAndInLowerCaseOnly() {
        assertThat(HashFunction.values())
                .extracting(HashFunction::label)
                .containsExactly(
                        "one_at_a_time",
                        "md5",
                        "crc16",
                        "crc32",
                        "crc32a",
                        "fnv1_64",
                        "fnv1a_64",
                        "fnv1_32",
                        "fnv1a_32",
                        "hsieh",
                        "murmur",
                        "jenkins");
        assertThat(HashFunction.named("fnv1a_64")).contains(HashFunction.FNV1A_64);
        assertThat(HashFunction.named("FNV1A_64")).isEmpty();
        assertThat(HashFunction.named("sha1")).isEmpty();
    }

    @Test
    void theVectorsAreReadAsTheyStandInTheFile() {
        assertThat(measured(HashFunction.CRC32)).contains(entry("61", 26807L), entry("666f6f", 3187L));
    }

    private static Map<String, Long> measured(HashFunction function) {
        Map<String, Long> values = new LinkedHashMap<>();
        Vectors.lines("hash-" + function.label() + ".tsv").stream()
                .filter(line -> !line.startsWith("#"))
                .skip(1)
                .map(line -> line.split("\t"))
                .forEach(cells -> values.put(cells[0], Long.parseLong(cells[1])));
        return values;
    }
}
