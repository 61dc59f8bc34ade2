package io.cashew.admin;

import io.cashew.protocol.ClientSnapshot;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A page of the clients of one pool.
@Schema(name = "Clients")
record ClientsView(
        String pool,
        @Schema(description = "Clients of the pool, on whatever page.") int total,
        @Schema(description = "In the order of their ids, which is about that in which they have come.") List<ClientView> clients,
        @Schema(description = "The path of the next page; null if this is the last one.", nullable = true) String next) {
    /// Of `all`, in the order of their ids, at most `limit` with ids above `after`.
    static ClientsView of(String pool, List<ClientSnapshot> all, int after, int limit) {
        List<ClientView> page = all.stream()
                .filter(snapshot -> snapshot.client().id() > after)
                .limit(limit + 1L)
                .map(snapshot -> ClientView.of(pool, snapshot))
                .toList();
        boolean last = page.size() <= limit;
        List<ClientView> shown = last ? page : page.subList(0, limit);
        return new ClientsView(
                pool, all.size(), shown, last ? null : Href.clients(pool, shown.getLast().id(), limit));
    }
}
