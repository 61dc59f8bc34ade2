package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Preface;
import io.cashew.transport.Frame;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// Has a server count, when it is asked to `WAIT` on a connection, everything that anybody wrote before.
///
/// `WAIT` counts the replicas that have confirmed the replication offset at which the connection stood after its last command
/// (`replication.c`, `waitCommand`). Until Redis 7.0 that is any command (`server.c`, `processCommand`), since 7.2, and in
/// Valkey, only one that replicas were told of (`server.c`, `call`). `SPUBLISH` is such a command that changes no data and, with
/// a name of our own, is heard by nobody: there are no patterns of such channels. Replicas are told of it unless the server is a
/// node of a cluster (`pubsub.c`, `spublishCommand`), which `INFO` says, as it says how old the server is.
///
/// What others write meanwhile counts, too, so that the answer is never too high.
final class OffsetMark implements Preface {
    private static final byte[] SPUBLISH = new ReplyBuilder(Dialect.RESP2)
            .array(3).string("SPUBLISH").string("__cashew:wait__").string("")
            .bytes();
    private static final byte[][] REQUESTS = {SPUBLISH, ServerVersions.INFO};

    /// Since then only what replicas are told of counts.
    private static final ServerVersion PROPAGATED_ONLY = new ServerVersion("7.2");

    private boolean published;
    private Map<String, String> info = Map.of();

    @Override
    public byte[][] requests() {
        return REQUESTS;
    }

    @Override
    public void hear(int request, Frame response) {
        if (REQUESTS[request] == SPUBLISH) {
            published = response.byteAt(0) == ':';
        } else if (response.byteAt(0) == '$') {
            info = ServerInfo.fields(new String(
                    response.bytes().asSlice(response.start(), response.length()).toArray(ValueLayout.JAVA_BYTE), ISO_8859_1));
        }
    }

    @Override
    public Failure doubt() {
        boolean anyCommandCounts = ServerVersion.in(info).filter(version -> version.isBefore(PROPAGATED_ONLY)).isPresent();
        boolean told = published && "standalone".equals(info.get("redis_mode"));
        return anyCommandCounts || told ? null : Failure.REPLICAS_UNCERTAIN;
    }
}
