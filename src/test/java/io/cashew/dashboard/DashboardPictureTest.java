package io.cashew.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Browser;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Takes the pictures of docs/dashboard.md.
@QuarkusTest
@WithTestResource(value = ShownPools.class, initArgs = @ResourceArg(name = ShownPools.HARMLESS, value = "true"))
@EnabledIfSystemProperty(named = "docs.write", matches = "true")
@Timeout(300)
class DashboardPictureTest {
    private static final int WIDTH = 1280;

    @Test
    void thePicturesAreTaken() throws IOException {
        try (var browser = Browser.start(); var _ = new Traffic(); var _ = new Traffic()) {
            browser.resize(WIDTH, 900);
            browser.open("http://127.0.0.1:" + RestAssured.port + "/#pool=sessions");
            browser.run("""
                    window.readings = 0;
                    new MutationObserver(() => window.readings++).observe(document.getElementById("tiles"), {childList: true});""");
            awaitReadings(browser, 15);
            ShownPools.east().kill();
            awaitReadings(browser, 5);
            ShownPools.east().restart();
            awaitReadings(browser, 25);
            browser.find("#key").sendKeys("{session:1}.cart");
            browser.find("#key-form button").click();
            Awaitility.await().until(() -> browser.text("#route").contains("goes to"));
            take(browser, "light", Path.of("docs/dashboard.png"));
            take(browser, "dark", Path.of("docs/dashboard-dark.png"));
        }
    }

    /// Waits until the page has read as many times more.
    private static void awaitReadings(Browser browser, int more) {
        long enough = (Long) browser.run("return window.readings") + more;
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> (Long) browser.run("return window.readings") >= enough);
    }

    private static void take(Browser browser, String scheme, Path file) throws IOException {
        browser.prefer("prefers-color-scheme", scheme);
        browser.resize(WIDTH, ((Long) browser.run("return document.documentElement.scrollHeight")).intValue());
        awaitReadings(browser, 1);
        Map<String, Object> picture = browser.driver().executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));

        Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));

        assertThat(file).isNotEmptyFile();
    }
}
