package io.cashew.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyQueryTest {
    @Test
    void otherParametersAreLeftAlone() {
        assertThat(KeyQuery.key("a=1&key=k&b")).asString().isEqualTo("k");
    }

    @Test
    void aKeyWithoutValueIsTheEmptyOne() {
        assertThat(KeyQuery.key("key")).isEmpty();
    }

    @Test
    void onlyTheFirstEqualsSignSeparates() {
        assertThat(KeyQuery.key("key=a=b=")).asString().isEqualTo("a=b=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key=%", "key=%4", "key=%zz", "key=%+1", "key=a%4&b"})
    void brokenEscapesAreRefused(String query) {
        assertThatThrownBy(() -> KeyQuery.key(query))
                .isInstanceOf(ProblemException.class)
                .hasMessage("A % has to be followed by two hexadecimal digits; the sign itself is %25.");
    }

    @Test
    void bytesThatDoNotBelongIntoAUrlAreRefused() {
        assertThatThrownBy(() -> KeyQuery.key("key=ü"))
                .isInstanceOf(ProblemException.class)
                .hasMessage("Bytes above 7f have to be written as %XX.");
    }
}
