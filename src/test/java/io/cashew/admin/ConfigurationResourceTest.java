package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SeenPools.class)
class ConfigurationResourceTest {
    private static JsonPath configuration() {
        return given().get("/configuration").jsonPath();
    }

    private static Map<String, String> setting(String name) {
        return configuration().param("name", name).getMap("settings.find { it.name == name }");
    }

    @Test
    void whatNobodyWroteIsADefault() {
        assertThat(setting("cashew.limits.pending")).containsEntry("value", "262144").containsEntry("origin", "default");
    }

    @Test
    void whatSomebodyWroteNamesTheSource() {
        assertThat(setting("cashew.workers")).containsEntry("value", "2").doesNotContainEntry("origin", "default");
        assertThat(setting("quarkus.http.limits.max-initial-line-length").get("origin")).contains("application.yaml");
    }

    @Test
    void passwordsAreHiddenEverywhere() {
        String text = given().get("/configuration").asString();

        assertThat(text).doesNotContain(SeenPools.PASSWORD, SeenPools.ADMIN_PASSWORD, SeenPools.VIEWER_PASSWORD);
        assertThat(setting("cashew.rest.users.root.password")).containsEntry("value", "****");
        assertThat(setting("cashew.rest.users.guest.password-file")).containsEntry("value", SeenPools.passwordFile().toString());
        assertThat(pool(SeenPools.ODD)).containsEntry("password", "****");
    }

    @Test
    void poolsHaveTheirDefaultsInPlace() {
        assertThat(pool("halved"))
                .containsEntry("auto-eject", "true")
                .containsEntry("server-retry-timeout", "3600000ms")
                .containsEntry("hash", "fnv1a_64")
                .containsEntry("protocol", "redis")
                .containsEntry("eject-mode", "rehash")
                .doesNotContainKeys("timeout", "password", "servers");
        assertThat(pool("ring")).containsEntry("hash-tag", "{}");
        assertThat(configuration().getList("pools.find { it.name == 'slots' }.servers"))
                .contains(SeenPools.server(0).unixSocket() + ":1", "127.0.0.1:" + SeenPools.server(1).port() + ":2");
    }

    private static Map<String, String> pool(String name) {
        return configuration().param("name", name).getMap("pools.find { it.name == name }.settings");
    }
}
