package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What is published about a pool cause by cause, a row each, with the labels `pool` and `cause`: counters all.
enum CauseMeter {
    CLIENTS_CLOSED("cashew.client.closed", "Clients that Cashew sent away, also those it did not take",
            Arrays.stream(CloseCause.values())
                    .map(cause -> new Cause(cause.label(), "it " + cause.deed(), pool -> pool.closed(cause)))),
    REQUESTS_FAILED("cashew.request.failed", "Requests that got an error from Cashew instead of a server's answer",
            Arrays.stream(Failure.values())
                    .map(cause -> new Cause(cause.label(), "`" + cause.text() + "`", pool -> pool.failed(cause))));

    /// @param label as the label's value
    record Cause(String label, String meaning, ToDoubleFunction<Pool> reading) {}

    private final String meter;
    private final String meaning;
    private final List<Cause> causes;

    CauseMeter(String meter, String meaning, Stream<Cause> causes) {
        this.meter = meter;
        this.meaning = meaning;
        this.causes = causes.toList();
    }

    /// The meter's name as Micrometer writes names.
    String meter() {
        return meter;
    }

    /// In words, without a full stop.
    String meaning() {
        return meaning;
    }

    List<Cause> causes() {
        return causes;
    }
}
