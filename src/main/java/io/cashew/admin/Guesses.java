package io.cashew.admin;

import io.cashew.config.CashewConfig;
import io.cashew.metrics.LogLimit;
import io.cashew.pool.Events;
import io.cashew.protocol.WrongPasswords;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Slows down who guesses passwords of REST, address by address, as pools do with theirs: [WrongPasswords].
///
/// What is under way together may be looked at together; it is all counted, so that the address waits the longer.
@Singleton
final class Guesses {
    static final String METER = "cashew.rest.password.failures";
    static final String MEANING = "Passwords given to REST that were wrong (`wrong_password`), or not looked at because too many "
            + "from the same address had been (`password_not_tried`)";

    private final WrongPasswords wrongPasswords;
    private final LongAdder wrong = new LongAdder();
    private final LongAdder notTried = new LongAdder();
    /// As seldom as pools tell of theirs.
    private final LogLimit<String> eventLimit = new LogLimit<>(TimeUnit.MINUTES.toNanos(1));

    Guesses(CashewConfig config) {
        wrongPasswords = new WrongPasswords(config.limits().passwordAttempts(), config.limits().passwordInterval());
    }

    /// A password has come that may be looked at, or a problem says when one may.
    void admit(HttpServerRequest request) {
        long nanos = wrongPasswords.nanosToWait(address(request));
        if (nanos > 0) {
            notTried.increment();
            long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(nanos - 1);
            throw new ProblemException(
                    ProblemKind.TOO_MANY_GUESSES,
                    "Too many wrong passwords have come from this address, so this one was not looked at; try again in %d s.".formatted(seconds),
                    seconds);
        }
    }

    /// It was wrong.
    void count(HttpServerRequest request) {
        wrong.increment();
        wrongPasswords.count(address(request));
        eventLimit.admit(METER, System.nanoTime()).ifPresent(untold -> Events.OF_PROCESS.report(
                Events.Kind.REQUEST_REFUSED, null, null,
                "a request over REST from " + request.remoteAddress() + " is refused: wrong user or password; look who guesses"
                        + LogLimit.more(untold, "event")));
    }

    List<Meter> register(MeterRegistry registry) {
        return List.of(meter("wrong_password", wrong, registry), meter("password_not_tried", notTried, registry));
    }

    private static Meter meter(String cause, LongAdder counter, MeterRegistry registry) {
        return FunctionCounter.builder(METER, counter, LongAdder::sum).description(MEANING).tag("cause", cause).register(registry);
    }

    /// Null if it came over a unix socket.
    private static InetAddress address(HttpServerRequest request) {
        String host = request.remoteAddress().hostAddress();
        return host == null ? null : NetUtil.createInetAddressFromIpAddressString(host);
    }
}
