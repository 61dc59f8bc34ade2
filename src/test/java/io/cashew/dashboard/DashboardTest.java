package io.cashew.dashboard;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Browser;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.interactions.Actions;

@QuarkusTest
@WithTestResource(ShownPools.class)
@Timeout(180)
class DashboardTest {
    private static final String EAST = "#servers tr[data-name='east'] ";

    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @BeforeEach
    void open() {
        browser.prefer("prefers-color-scheme", "light");
        browser.resize(1280, 900);
        open(url(), "sessions");
    }

    /// Whatever a test does: no failure, and nothing that the page's policy forbids.
    @AfterEach
    void theConsoleIsSilent() {
        assertThat(browser.console()).isEmpty();
    }

    private static String url() {
        return "http://127.0.0.1:" + RestAssured.port + "/";
    }

    private static void open(String url) {
        browser.open("about:blank");
        browser.open(url);
        shows(() -> assertThat(browser.text("#status")).isEqualTo("Live"));
    }

    private static void open(String url, String pool) {
        open(url);
        choose(pool);
    }

    private static void choose(String pool) {
        link(pool).click();
        shows(() -> assertThat(browser.text("#pool-name")).isEqualTo(pool));
    }

    private static WebElement link(String pool) {
        return browser.all("#pools tbody a").stream().filter(link -> link.getText().equals(pool)).findFirst().orElseThrow();
    }

    private static void shows(ThrowingRunnable assertion) {
        // The page may change while it is looked at, which is an exception then
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
    }

    private static List<String> texts(String css) {
        return browser.all(css).stream().map(WebElement::getText).toList();
    }

    @Test
    void poolsAndServersAreShown() {
        assertThat(texts("#pools tbody th")).containsExactlyInAnyOrderElementsOf(ShownPools.names());
        assertThat(texts("#pools tbody td.state")).containsOnly("serving");
        assertThat(browser.text("#pool-facts")).contains("redis at 127.0.0.1:", "ketama");
        assertThat(texts("#servers tbody tr")).hasSize(3);
        assertThat(texts("#servers tbody td.state")).containsOnly("live");
        assertThat(texts("#ring tbody tr")).hasSize(3).anySatisfy(row -> assertThat(row).contains("south").contains("20.0%"));
        assertThat(browser.all("#ring .slice.keys")).hasSize(3);
        shows(() -> assertThat(texts("#events li")).anySatisfy(event -> assertThat(event).contains("pool-serving", "sessions")));
    }

    @Test
    void trafficAndHotSpotsAreShown() {
        String hot = given().get("/pools/sessions/route?key=" + Traffic.HOT_KEY).jsonPath().getString("server");
        try (var _ = new Traffic()) {
            shows(() -> {
                assertThat(browser.text("#hot")).contains(hot + " is a hot spot");
                assertThat(browser.text("#servers tr[data-name='" + hot + "']")).contains("hot ×");
                assertThat(browser.text("#servers tr[data-name='" + hot + "']")).containsPattern("\\d (µs|ms)");
                assertThat(browser.find("#traffic .chart").getDomAttribute("aria-label"))
                        .containsPattern("now: requests [1-9][\\d,.]*, errors 0");
                assertThat(browser.find("#latency .chart").getDomAttribute("aria-label")).containsPattern("p99 \\d[\\d.]* (µs|ms)");
            });

            browser.find("#traffic summary").click();

            shows(() -> assertThat(browser.all("#traffic details tbody tr")).hasSizeGreaterThan(2));
            assertThat(browser.run("""
                    const canvas = document.querySelector("#traffic canvas");
                    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                    return pixels.some(value => value > 0);""")).as("something is drawn").isEqualTo(true);
        }
    }

    @Test
    void aServerThatIsKilledIsShownAsEjectedAndAsLiveWhenItIsBack() {
        try (var _ = new Traffic()) {
            ShownPools.east().kill();

            shows(() -> {
                assertThat(browser.text(EAST + ".state")).startsWith("ejected");
                assertThat(texts("#tiles > div")).contains("Servers live\n2 of 3");
                assertThat(texts("#events li")).anySatisfy(event -> assertThat(event).contains("server-ejected", "'east'"));
                assertThat(browser.all("#ring .slice.keys")).hasSize(2);
            });

            ShownPools.east().restart();

            shows(() -> {
                assertThat(browser.text(EAST + ".state")).isEqualTo("live");
                assertThat(texts("#events li").getFirst()).contains("server-returned", "'east'");
            });
            assertThat(browser.text("#hot")).as("what others did meanwhile").doesNotContain("north is", "south is");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:1", "{user:1}.mail", "ключ+ &?#%2F", ""})
    void aKeyIsExplainedAsTheRouteSaysIt(String key) {
        var route = given().queryParam("key", key).get("/pools/sessions/route").jsonPath();

        browser.find("#key").sendKeys(key + Keys.ENTER);

        shows(() -> assertThat(browser.text("#route"))
                .startsWith((key.isEmpty() ? "The empty key" : key) + " goes to " + route.getString("server"))
                .contains(route.getString("address"), route.getString("why"), route.getString("hashValue")));
    }

    @Test
    void aKeyThatIsTooLongIsAProblemInWords() {
        browser.run("document.getElementById('key').value = 'k'.repeat(8193)");

        browser.find("#key-form button").click();

        shows(() -> assertThat(browser.text("#route")).isEqualTo("The key has 8193 bytes, at most 8192 can be explained."));
        assertThat(browser.console()).singleElement().asString().contains("414");
    }

    @Test
    void namesAndKeysAreTextAndNothingElse() {
        choose(ShownPools.HOSTILE);
        shows(() -> assertThat(texts("#servers tbody th").getFirst()).startsWith(ShownPools.HOSTILE_SERVER));
        browser.find("#key").sendKeys("<script>document.title='key'</script>" + Keys.ENTER);

        shows(() -> assertThat(browser.text("#route code")).isEqualTo("<script>document.title='key'</script>"));

        assertThat(browser.driver().getTitle()).isEqualTo("Cashew");
        assertThat(browser.all("main script, main img")).isEmpty();
        assertThat(browser.all("[onerror], [onload]")).isEmpty();
    }

    @Test
    void itIsLightOrDarkAsTheReaderLikes() {
        String background = "return getComputedStyle(document.body).backgroundColor";

        assertThat(browser.run(background)).isEqualTo("rgb(245, 244, 240)");
        browser.prefer("prefers-color-scheme", "dark");
        assertThat(browser.run(background)).isEqualTo("rgb(20, 21, 24)");
    }

    @Test
    void itWorksBehindAPrefixAndSaysWhenCashewDoesNotAnswer() {
        try (var proxy = PrefixProxy.to(RestAssured.port)) {
            open(proxy.url(), "carts");
            assertThat(texts("#servers tbody tr")).hasSize(2);
            assertThat(browser.driver().getCurrentUrl()).startsWith(proxy.url());
            assertThat(browser.console()).isEmpty();

            proxy.refuse();

            shows(() -> assertThat(browser.text("#status")).startsWith("Cashew does not answer. The figures are of "));
            proxy.listen();
            shows(() -> assertThat(browser.text("#status")).isEqualTo("Live"));
            assertThat(browser.console()).as("what the browser itself says of that").allMatch(line -> line.contains("net::ERR_"));
            open(url(), "sessions");
        }
    }

    @Test
    void aPageThatNobodySeesAsksForNothing() {
        try (var proxy = PrefixProxy.to(RestAssured.port)) {
            open(proxy.url(), "sessions");
            String page = browser.driver().getWindowHandle();

            browser.driver().switchTo().newWindow(WindowType.TAB);

            // Twice as long as from one reading to the next, and some
            var asked = new AtomicInteger();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .during(Duration.ofSeconds(5))
                    .until(() -> asked.getAndSet(proxy.requests()), before -> before == asked.get());
            browser.driver().close();
            browser.driver().switchTo().window(page);
            int then = proxy.requests();
            Awaitility.await().until(proxy::requests, now -> now > then + 3);
            open(url());
        }
    }

    @Test
    void everythingIsReachedByTabAndItIsSeenWhere() {
        var reached = new LinkedHashSet<String>();
        open(url());
        for (int i = 0; i < 60; i++) {
            new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
            @SuppressWarnings("unchecked")
            var focus = (Map<String, String>) browser.run("""
                    const at = document.activeElement;
                    const style = getComputedStyle(at);
                    return {what: at.id || at.textContent.trim().slice(0, 30), outline: at === document.body ? "none" : style.outlineStyle};""");
            if (focus.get("outline").equals("none")) {
                break;
            }
            reached.add(focus.get("what"));
        }

        Set<String> expected = new LinkedHashSet<>(List.of("To the chosen pool"));
        expected.addAll(ShownPools.names().stream().map(name -> name.substring(0, Math.min(30, name.length()))).toList());
        expected.addAll(List.of(
                "Requests and errors as a table", "Latencies as a table", "Waiting requests as a table", "key", "Explain",
                "Show the clients of this pool"));
        assertThat(reached).containsAll(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everybodyCanUseIt(String scheme) throws IOException {
        browser.prefer("prefers-color-scheme", scheme);
        browser.find("#key").sendKeys("user:1" + Keys.ENTER);
        shows(() -> assertThat(browser.text("#route")).contains("goes to"));
        for (WebElement summary : browser.all("figure summary")) {
            summary.click();
        }
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            browser.run(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }

        Object violations = browser.driver().executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then(found => done(found.violations.flatMap(violation =>
                    violation.nodes.map(node => `${violation.id}: ${node.html} ${node.failureSummary}`))));""");

        assertThat(violations).asInstanceOf(InstanceOfAssertFactories.LIST).isEmpty();
    }

    @Test
    void aNarrowScreenIsEnough() {
        browser.resize(360, 800);

        String tooWide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        shows(() -> assertThat(browser.run(tooWide)).isEqualTo(0L));
    }
}
