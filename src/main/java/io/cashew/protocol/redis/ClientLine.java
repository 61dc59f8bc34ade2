package io.cashew.protocol.redis;

import io.cashew.protocol.Client;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.Introduction;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A client as `CLIENT LIST` tells of it: one line in
/// [Redis's format](https://redis.io/docs/latest/commands/client-list/), which libraries and people parse. What a proxy has
/// no notion of is 0, or what Redis says of a client without it.
final class ClientLine {
    private static final String UNIX = "unix:0";

    private ClientLine() {}

    static String of(ClientSnapshot snapshot) {
        Introduction said = snapshot.introduction();
        long held = snapshot.inputBytes() + snapshot.outputBytes();
        return "id=" + snapshot.client().id()
                + " addr=" + address(snapshot.client())
                + " laddr=" + listener(snapshot.client())
                + " fd=" + snapshot.descriptor()
                + " name=" + said.name()
                + " age=" + TimeUnit.NANOSECONDS.toSeconds(snapshot.ageNanos())
                + " idle=" + TimeUnit.NANOSECONDS.toSeconds(snapshot.idleNanos())
                + " flags=" + flags(snapshot)
                + " db=" + said.database()
                + " sub=" + said.channels()
                + " psub=" + said.patterns()
                + " ssub=" + said.shardChannels()
                + " multi=" + said.queued()
                + " qbuf=" + snapshot.inputBytes()
                + " qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=" + snapshot.unanswered()
                + " omem=" + snapshot.outputBytes()
                + " tot-mem=" + held
                + " events=r cmd=" + (snapshot.lastCommand().isEmpty() ? "NULL" : snapshot.lastCommand())
                + " user=" + said.user()
                + " redir=-1 resp=" + said.dialect()
                + " lib-name=" + said.libraryName()
                + " lib-ver=" + said.libraryVersion()
                + " tls=" + (snapshot.tls() ? 1 : 0)
                + "\n";
    }

    /// Where it comes from, in Redis's words: `127.0.0.1:4711` or `[::1]:4711`.
    static String address(Client client) {
        return Objects.requireNonNullElse(client.addressText(), UNIX);
    }

    /// Where it has come to.
    static String listener(Client client) {
        return Objects.requireNonNullElse(client.listenerText(), UNIX);
    }

    private static String flags(ClientSnapshot snapshot) {
        var flags = new StringBuilder();
        append(flags, 'P', snapshot.introduction().subscribed());
        append(flags, 'x', snapshot.introduction().queued() >= 0);
        append(flags, 'b', snapshot.blocked());
        append(flags, 'c', snapshot.leaving());
        append(flags, 'U', snapshot.client().address() == null);
        return flags.isEmpty() ? "N" : flags.toString();
    }

    private static void append(StringBuilder flags, char flag, boolean set) {
        if (set) {
            flags.append(flag);
        }
    }
}
