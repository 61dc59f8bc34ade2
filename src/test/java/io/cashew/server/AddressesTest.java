package io.cashew.server;

import static io.cashew.fixture.ScriptedResolver.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.ScriptedResolver;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Names of servers, and a name service that moves them, fails and hangs.
@Timeout(30)
class AddressesTest {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ScriptedResolver resolver = new ScriptedResolver();
    private final List<AddressEvent> events = new CopyOnWriteArrayList<>();
    private Addresses addresses = of(true, "a", "a", "b", "10.0.0.9", "::1");

    private Addresses of(boolean askedRegularly, String... hosts) {
        List<Server> servers = IntStream.range(0, hosts.length)
                .mapToObj(index -> new Server(index, "s" + index, new Endpoint.Tcp(hosts[index], 6379 + index), 1))
                .toList();
        return new Addresses(servers, resolver, askedRegularly, events::add);
    }

    @AfterEach
    void stop() {
        addresses.close();
    }

    @Test
    void aNameIsAskedForOnceHoweverManyWaitForIt() {
        resolver.hangsAt("a");
        List<CompletableFuture<InetAddress>> all =
                IntStream.range(0, 100).mapToObj(each -> addresses.of("a", PATIENCE_MILLIS)).toList();
        await().until(() -> resolver.waiting("a") == 1);

        resolver.says("a", "10.0.0.1");

        assertThat(all).allSatisfy(one -> assertThat(got(one)).isEqualTo(address("10.0.0.1")));
        assertThat(resolver.asked("a")).isEqualTo(1);
    }

    @Test
    void onlyNamesAreAskedFor() {
        addresses.ask();

        await().until(() -> resolver.asked("a") == 1 && resolver.asked("b") == 1);
        assertThat(resolver.asked("10.0.0.9") + resolver.asked("::1")).isZero();
    }

    @Test
    void aMoveIsToldForEveryServerOfThatName() {
        answered("a", "10.0.0.1");

        answered("a", "10.0.0.2");

        assertThat(addresses.current("a")).isEqualTo(address("10.0.0.2"));
        assertThat(moves()).containsExactly(
                new AddressEvent.Moved(0, address("10.0.0.1"), address("10.0.0.2")),
                new AddressEvent.Moved(1, address("10.0.0.1"), address("10.0.0.2")));
        assertThat(addresses.counters(1).moves).isEqualTo(1);
        assertThat(addresses.counters(2).moves).isZero();
    }

    @Test
    void aNameWithSeveralAddressesStaysWhereItIsWhileThatIsOneOfThem() {
        answered("a", "10.0.0.1", "10.0.0.2");

        answered("a", "10.0.0.2", "10.0.0.3", "10.0.0.1");
        assertThat(moves()).isEmpty();

        answered("a", "10.0.0.2", "10.0.0.3");
        assertThat(addresses.current("a")).isEqualTo(address("10.0.0.2"));
        assertThat(moves()).hasSize(2);
    }

    @Test
    void aFailureKeepsTheLastGoodAnswerAndIsCountedAndTold() {
        answered("b", "10.0.0.1");

        resolver.knowsNothingOf("b");
        addresses.ask();
        await().until(() -> addresses.counters(2).failures == 1);

        assertThat(got(addresses.of("b", PATIENCE_MILLIS))).isEqualTo(address("10.0.0.1"));
        assertThat(events).contains(new AddressEvent.Unresolved(
                2, "b: Name or service not known", Optional.of(address("10.0.0.1"))));
    }

    @Test
    void aNameThatNeverHadAnAddressHasNone() {
        resolver.knowsNothingOf("b");

        assertThat(got(addresses.of("b", PATIENCE_MILLIS))).isNull();
    }

    @Test
    void whileANameHangsOthersAreAskedForAndThreadsAreFew() {
        resolver.hangsAt("a").says("b", "10.0.0.2");
        for (int i = 0; i < 50; i++) {
            addresses.ask();
        }

        assertThat(got(addresses.of("b", PATIENCE_MILLIS))).isEqualTo(address("10.0.0.2"));
        answered("b", "10.0.0.3");
        assertThat(resolver.waiting("a")).isEqualTo(1);
    }

    @Test
    void whoHasNoOtherChoiceThanANameThatHangsIsToldInTime() {
        resolver.hangsAt("a");

        assertThat(got(addresses.of("a", 20))).isNull();
    }

    @Test
    void namesThatAreAskedForRegularlyAreThereAtOnceWhateverTheNameServiceDoes() {
        answered("a", "10.0.0.1");
        resolver.hangsAt("a");
        addresses.ask();
        await().until(() -> resolver.waiting("a") == 1);

        assertThat(addresses.of("a", PATIENCE_MILLIS)).isCompletedWithValue(address("10.0.0.1"));
    }

    @Test
    void namesThatAreNotAreAskedForByAConnectWhichNeedNotWaitForThemForLong() {
        addresses.close();
        addresses = of(false, "a");
        resolver.says("a", "10.0.0.1");
        assertThat(got(addresses.of("a", PATIENCE_MILLIS))).isEqualTo(address("10.0.0.1"));

        resolver.hangsAt("a");
        addresses.ask();
        await().until(() -> resolver.waiting("a") == 1);

        assertThat(got(addresses.of("a", PATIENCE_MILLIS))).isEqualTo(address("10.0.0.1"));
        await().until(() -> addresses.of("a", PATIENCE_MILLIS).isDone());
        resolver.says("a", "10.0.0.2");
        await().until(() -> addresses.current("a").equals(address("10.0.0.2")));
    }

    @Test
    void clientsThatConnectAgainAndAgainDoNotFloodTheNameService() {
        resolver.knowsNothingOf("a");

        for (int i = 0; i < 1000; i++) {
            assertThat(got(addresses.of("a", PATIENCE_MILLIS))).isNull();
        }

        assertThat(resolver.asked("a")).isLessThan(100);
    }

    private void answered(String name, String... now) {
        int before = resolver.asked(name);
        resolver.says(name, now);
        await().until(() -> {
            addresses.ask();
            return resolver.asked(name) > before + 1;
        });
    }

    private List<AddressEvent> moves() {
        return events.stream().filter(AddressEvent.Moved.class::isInstance).toList();
    }

    private static InetAddress got(CompletableFuture<InetAddress> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
