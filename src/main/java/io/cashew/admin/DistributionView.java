package io.cashew.admin;

import io.cashew.pool.BackSide;
import io.cashew.server.Server;
import io.cashew.sharding.Distribution;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Who owns which part of the keys, and who has got which part of the requests.
@Schema(name = "Distribution")
record DistributionView(
        String pool,
        String distribution,
        String hashFunction,
        @Schema(description = "Ring points or slots of all servers that are live.") int points,
        @Schema(description = "Requests given to servers since the start.") long requests,
        @Schema(description = "In twemproxy's order: shorter ring names first, then by bytes.") List<Part> servers) {

    @Schema(name = "DistributionPart")
    record Part(
            @Schema(description = "The ring name.") String name,
            boolean ejected,
            int weight,
            @Schema(description = "The server's part of all weights, which it would have with infinitely many points, 0 to 1.")
                    double weightShare,
            @Schema(description = "Ring points or slots it has now.") int points,
            @Schema(description = "The part of all hash values that leads here now, 0 to 1; exact.") double share,
            long requests,
            @Schema(
                            description = """
                                    The part of the requests it has got, 0 to 1; null without requests. Far from `share`, either \
                                    some keys are asked for more than others, or servers have been ejected meanwhile.""",
                            nullable = true)
                    Double requestShare,
            @Schema(description = "The path of the server.") String href) {}

    static DistributionView of(BackSide now) {
        // An ejection meanwhile replaces it as a whole, so that its parts add up
        Distribution distribution = now.router().distribution();
        List<Server> servers = now.servers();
        long weights = servers.stream().mapToLong(Server::weight).sum();
        List<Long> requests = servers.stream().map(server -> now.counters(server).requests).toList();
        long all = requests.stream().mapToLong(Long::longValue).sum();
        List<Part> parts = servers.stream()
                .map(server -> {
                    long own = requests.get(server.index());
                    return new Part(
                            server.name(),
                            now.ejected(server),
                            server.weight(),
                            (double) server.weight() / weights,
                            distribution.points(server.index()),
                            ServerView.share(distribution, server),
                            own,
                            all == 0 ? null : (double) own / all,
                            Href.server(now.config().name(), server.name()));
                })
                .toList();
        return new DistributionView(
                now.config().name(),
                now.config().distribution().label(),
                now.config().hash().label(),
                parts.stream().mapToInt(Part::points).sum(),
                all,
                parts);
    }
}
