package io.cashew.admin;

import io.cashew.pool.ReloadReport.Outcome;
import io.cashew.pool.Reloads;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What is published about the configuration in force, a row each.
enum ReloadMeter {
    SUCCESSFUL("cashew.config.last.reload.successful", Kind.GAUGE,
            "1 if what was written at the last attempt is in force, else 0: look into the log, or at `/admin/reload`",
            reloads -> reloads.last() != null && reloads.last().outcome().good() ? 1 : 0),
    GENERATION("cashew.config.generation", Kind.GAUGE, "Which configuration is in force, counted from 1 at the start",
            Reloads::generation),
    TIMESTAMP("cashew.config.last.reload.timestamp.seconds", Kind.GAUGE,
            "When the last attempt was made that ended well, in seconds since 1970",
            reloads -> reloads.lastGood() == null ? 0 : reloads.lastGood().toEpochMilli() / 1000.0),
    RELOADS("cashew.config.reloads", Kind.COUNTER, "Attempts to bring the configuration into force, by `outcome`", null);

    private final String meter;
    private final Kind kind;
    private final String meaning;
    /// Null for what is counted by outcome.
    private final ToDoubleFunction<Reloads> reading;

    ReloadMeter(String meter, Kind kind, String meaning, ToDoubleFunction<Reloads> reading) {
        this.meter = meter;
        this.kind = kind;
        this.meaning = meaning;
        this.reading = reading;
    }

    /// The meter's name as Micrometer writes names.
    String meter() {
        return meter;
    }

    Kind kind() {
        return kind;
    }

    /// In words, without a full stop.
    String meaning() {
        return meaning;
    }

    Stream<Meter> register(Reloads reloads, MeterRegistry registry) {
        return switch (kind) {
            case GAUGE -> Stream.of(Gauge.builder(meter, reloads, reading).description(meaning).register(registry));
            case COUNTER ->
                Arrays.stream(Outcome.values()).map(outcome -> FunctionCounter.builder(meter, reloads, each -> each.count(outcome))
                        .description(meaning)
                        .tag("outcome", outcome.label())
                        .register(registry));
        };
    }
}
