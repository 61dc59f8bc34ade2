package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Client;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Request;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// The answer to `INFO`: what one server would say that is as large as all servers of the pool together, in
/// [Redis's sections and fields](https://redis.io/docs/latest/commands/info/). What is about clients and the process is
/// Cashew's own; data, memory and statistics of commands are folded from what the servers say. Two sections more tell
/// of Cashew, and of each server.
///
/// A server that does not answer in time is left out, and section `Cashew` says so.
final class PoolInfo {
    private static final Set<InfoSection> BY_DEFAULT = EnumSet.complementOf(EnumSet.of(InfoSection.COMMANDSTATS));
    private static final byte[] INFO = new ReplyBuilder(Dialect.RESP2).array(1).string("INFO").bytes();
    private static final byte[] INFO_ALL =
            new ReplyBuilder(Dialect.RESP2).array(2).string("INFO").string("all").bytes();
    private static final String ONE_SERVER = "server:";
    private static final int LONGEST_NAME = 1024;

    private final Inquiries pool;
    private final Client client;
    private final String version;

    /// For `client`; `version` is Cashew's.
    PoolInfo(Inquiries pool, Client client, String version) {
        this.pool = pool;
        this.client = client;
        this.version = version;
    }

    /// `INFO [section …]`. `INFO server:name` is what server `name` says itself.
    CompletionStage<byte[]> answer(Request request, Dialect dialect) {
        for (int word = 1; word < request.wordCount(); word++) {
            String said = request.wordLength(word) > LONGEST_NAME ? "" : new String(request.word(word), ISO_8859_1);
            if (said.toLowerCase(Locale.ROOT).startsWith(ONE_SERVER)) {
                return ofServer(said.substring(ONE_SERVER.length()), dialect);
            }
        }
        Set<InfoSection> sections = sections(request);
        boolean all = sections.contains(InfoSection.COMMANDSTATS);
        return pool.askServers(all ? INFO_ALL : INFO)
                .thenCombine(pool.clients(snapshot -> snapshot.blocked()), (testimonies, blocked) -> {
                    int port = client.listener() == null ? 0 : client.listener().getPort();
                    List<ServerInfo> servers = testimonies.stream().map(ServerInfo::of).toList();
                    var text = new InfoText(servers, pool.figures(), blocked.size(), port, version);
                    sections.forEach(text::section);
                    return ReplyBuilder.text(dialect, text.written().getBytes(ISO_8859_1));
                });
    }

    private CompletionStage<byte[]> ofServer(String name, Dialect dialect) {
        return pool.askServers(INFO_ALL).thenApply(testimonies -> {
            String text = testimonies.stream()
                    .filter(testimony -> testimony.name().equals(name))
                    .map(ServerInfo::of)
                    .map(server -> server.answered() ? server.text() : "# Server\r\ncashew_absent:" + server.absence() + "\r\n")
                    .findFirst()
                    .orElse("");
            return ReplyBuilder.text(dialect, text.getBytes(ISO_8859_1));
        });
    }

    private static Set<InfoSection> sections(Request request) {
        if (request.wordCount() == 1) {
            return BY_DEFAULT;
        }
        Set<InfoSection> sections = EnumSet.noneOf(InfoSection.class);
        for (int word = 1; word < request.wordCount(); word++) {
            if (request.wordIs(word, "all") || request.wordIs(word, "everything")) {
                return EnumSet.allOf(InfoSection.class);
            }
            if (request.wordIs(word, "default")) {
                sections.addAll(BY_DEFAULT);
            }
            for (InfoSection section : InfoSection.values()) {
                if (request.wordIs(word, section.word())) {
                    sections.add(section);
                }
            }
        }
        return sections;
    }
}
