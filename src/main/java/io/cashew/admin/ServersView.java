package io.cashew.admin;

import io.cashew.pool.Pool;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// All servers of one pool.
@Schema(name = "Servers")
record ServersView(
        String pool,
        @Schema(description = "In twemproxy's order: shorter ring names first, then by bytes.") List<ServerView> servers) {
    static ServersView of(Pool pool) {
        return new ServersView(
                pool.name(), pool.servers().stream().map(server -> ServerView.of(pool, server)).toList());
    }
}
