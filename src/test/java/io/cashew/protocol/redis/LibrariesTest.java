package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LibrariesTest {
    private final Libraries libraries = new Libraries(3, 300);

    @Test
    void onlyAServerThatCameLaterIsGivenThemAndOnlyOnce() {
        assertThat(libraries.remedy()).isNull();
        load("one", "#!lua name=one");

        assertThat(given("old")).isEmpty();
        assertThat(given("new")).containsExactly("*3\r\n$8\r\nFUNCTION\r\n$4\r\nLOAD\r\n$14\r\n#!lua name=one\r\n");
        assertThat(given("new")).isEmpty();
    }

    @Test
    void theLastOneOfANameIsRemembered() {
        load("one", "first");
        given("new");
        load("one", "second");

        assertThat(given("new")).hasSize(1).first().asString().contains("second");
    }

    @Test
    void theOldestAreForgottenWhenThereAreTooMany() {
        for (String name : List.of("a", "b", "c", "a", "d")) {
            load(name, name);
        }

        assertThat(given("new")).extracting(loading -> loading.substring(loading.length() - 3, loading.length() - 2))
                .containsExactly("c", "a", "d");
    }

    @Test
    void theOldestAreForgottenWhenTheyAreTooLong() {
        load("a", "x".repeat(100));
        load("b", "y".repeat(100));
        load("c", "z".repeat(301));
        assertThat(given("new")).hasSize(2);
        load("d", "z".repeat(150));

        assertThat(given("newer")).hasSize(1).first().asString().contains("zzz");
    }

    @Test
    void whatIsDeletedIsForgotten() {
        load("a", "x".repeat(100));
        load("b", "y".repeat(100));

        libraries.forget("a");
        libraries.forget("nosuch");
        assertThat(given("new")).hasSize(1).first().asString().contains("yyy");
        libraries.forgetAll();
        assertThat(libraries.remedy()).isNull();
        load("c", "z".repeat(200));
        assertThat(given("newer")).hasSize(1);
    }

    private void load(String name, String source) {
        libraries.loaded(
                source.getBytes(ISO_8859_1), ("$" + name.length() + "\r\n" + name + "\r\n").getBytes(ISO_8859_1), Set.of("old"));
    }

    private List<String> given(String server) {
        return libraries.remedy().at(server).stream().map(bytes -> new String(bytes, ISO_8859_1)).toList();
    }
}
