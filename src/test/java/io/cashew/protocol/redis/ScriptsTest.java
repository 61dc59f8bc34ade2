package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScriptsTest {
    private final Scripts scripts = new Scripts(3, 200);

    @Test
    void aScriptIsFoundByItsDigestInAnyCase() {
        load("a", "return 1");

        assertThat(loading("a")).isEqualTo("*3\r\n$6\r\nSCRIPT\r\n$4\r\nLOAD\r\n$8\r\nreturn 1\r\n");
        assertThat(loading("A")).isEqualTo(loading("a"));
        assertThat(loading("b")).isNull();
        assertThat(scripts.loading(RequestFixture.line("EVALSHA a 0"))).isNull();
    }

    @Test
    void theOldestAreForgottenWhenThereAreTooMany() {
        for (String digit : new String[] {"a", "b", "c", "a", "d"}) {
            load(digit, "r");
        }

        assertThat(loading("a")).isNull();
        assertThat(loading("b")).isNotNull();
        assertThat(loading("d")).isNotNull();
    }

    @Test
    void theOldestAreForgottenWhenTheyAreTooLong() {
        load("a", "x".repeat(60));
        load("b", "x".repeat(60));
        assertThat(loading("a")).isNotNull();
        load("c", "x".repeat(60));
        load("d", "x".repeat(201));

        assertThat(loading("a")).isNull();
        assertThat(loading("c")).isNotNull();
        assertThat(loading("d")).isNull();
    }

    @Test
    void allAreForgotten() {
        load("a", "r");

        scripts.forget();

        assertThat(loading("a")).isNull();
        load("b", "r");
        assertThat(loading("b")).isNotNull();
    }

    private void load(String digit, String body) {
        scripts.loaded(body.getBytes(ISO_8859_1), ("$40\r\n" + digit.repeat(40) + "\r\n").getBytes(ISO_8859_1));
    }

    private String loading(String digit) {
        byte[] request = scripts.loading(RequestFixture.line("EVALSHA " + digit.repeat(40) + " 0"));
        return request == null ? null : new String(request, ISO_8859_1);
    }
}
