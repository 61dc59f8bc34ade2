package io.cashew.admin;

import io.cashew.config.SettingChange;
import io.cashew.pool.KeyMoves;
import io.cashew.pool.ReloadPlan;
import io.cashew.pool.ReloadReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What became of a reload, or would become of one.
@Schema(name = "Reload")
record ReloadView(
        @Schema(
                        description = """
                                `applied`; `unchanged` if what is written is in force already; `invalid` if it is wrong; `not-live` if \
                                it changes what cannot change while the pools run; `failed` if the world is against it.""")
                String outcome,
        @Schema(description = "Whether it was a rehearsal, so that nothing has been changed.") boolean dryRun,
        @Schema(description = "What made Cashew look: `start`, `file`, `signal`, `rest`.") String trigger,
        @Schema(description = "Which configuration is in force, counted from 1 at the start.") long generation,
        @Schema(implementation = String.class, format = "date-time") Instant at,
        long millis,
        @Schema(description = "Why what is written is not in force; none if it is.") List<String> problems,
        @Schema(description = "What changes, pool by pool; none if what is written cannot be read.") List<PoolView> pools) {

    @Schema(name = "ReloadPool")
    record PoolView(
            String name,
            @Schema(description = "`added`, `removed`, `changed` or `unchanged`.") String change,
            @Schema(description = "The keys whose values change, as a nutcracker.yml calls them.") List<SettingView> settings,
            @Schema(description = "The servers that come, go or change.") List<ServerChangeView> servers,
            @Schema(description = "The keys that get another server; null unless the pool is changed.", nullable = true)
                    KeysView keys) {}

    @Schema(name = "ReloadSetting")
    record SettingView(
            String key,
            @Schema(description = "The value in force; of a password only that there is one.") String from,
            String to,
            @Schema(description = "Whether it can change while the pool runs.") boolean live) {
        static SettingView of(SettingChange change) {
            return new SettingView(change.key(), change.from(), change.to(), change.live());
        }
    }

    @Schema(name = "ReloadServer")
    record ServerChangeView(
            String name,
            @Schema(description = "Address and weight; null for a server that comes.", nullable = true) String from,
            @Schema(description = "The same; null for a server that goes.", nullable = true) String to) {}

    @Schema(name = "ReloadKeys")
    record KeysView(
            @Schema(
                            description = """
                                    `counted` over all hash values; `expected` where keys get other hashes; `drawn` where requests \
                                    draw their server.""")
                    String basis,
            @Schema(description = "The part of all keys that gets another server, 0 to 1.") double moved,
            @Schema(description = "From where to where.") List<MoveView> moves) {
        static KeysView of(KeyMoves keys) {
            return new KeysView(
                    label(keys.basis()),
                    keys.moved(),
                    keys.moves().stream().map(move -> new MoveView(move.from(), move.to(), move.share())).toList());
        }
    }

    @Schema(name = "ReloadMove")
    record MoveView(String from, String to, @Schema(description = "The part of all keys, 0 to 1.") double share) {}

    static ReloadView of(ReloadReport report, boolean dryRun) {
        return new ReloadView(
                report.outcome().label(),
                dryRun,
                report.trigger().label(),
                report.generation(),
                report.at(),
                report.millis(),
                report.problems(),
                report.plan().stream().flatMap(plan -> plan.pools().stream()).map(ReloadView::of).toList());
    }

    private static PoolView of(ReloadPlan.PoolPlan pool) {
        return new PoolView(
                pool.pool(),
                label(pool.fate()),
                pool.settings().stream().map(SettingView::of).toList(),
                pool.servers().stream()
                        .map(server -> new ServerChangeView(server.server(), server.from().orElse(null), server.to().orElse(null)))
                        .toList(),
                pool.keys().map(KeysView::of).orElse(null));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
