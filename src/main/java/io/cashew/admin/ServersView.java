package io.cashew.admin;

import io.cashew.pool.BackSide;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// All servers of one pool.
@Schema(name = "Servers")
record ServersView(
        String pool,
        @Schema(description = "In twemproxy's order: shorter ring names first, then by bytes.") List<ServerView> servers) {
    static ServersView of(BackSide now) {
        return new ServersView(
                now.config().name(), now.servers().stream().map(server -> ServerView.of(now, server)).toList());
    }
}
