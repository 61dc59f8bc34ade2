package io.cashew.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What alerts and board ask Prometheus for.
public final class Watched {
    private Watched() {}

    /// The metrics of all alerts and of the board, but those that Prometheus makes itself.
    public static Set<String> metrics() {
        var metrics = new TreeSet<String>();
        expressions().forEach(expression -> metrics.addAll(expression.metrics()));
        metrics.remove("up");
        return metrics;
    }

    static Stream<PromQl> expressions() {
        return Stream.concat(ofAlerts(), ofBoard());
    }

    static Stream<PromQl> ofAlerts() {
        return Yaml.file(AlertsTest.ALERTS).findValues("expr").stream().map(JsonNode::asText).map(PromQl::new);
    }

    static Stream<PromQl> ofBoard() {
        try {
            return new ObjectMapper().readTree(BoardTest.BOARD.toFile()).findValues("expr").stream()
                    .map(JsonNode::asText)
                    .map(PromQl::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
