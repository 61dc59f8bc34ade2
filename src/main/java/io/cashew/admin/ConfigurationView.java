package io.cashew.admin;

import io.cashew.config.EffectiveSettings;
import io.cashew.pool.Pool;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What is configured, and where that was written.
@Schema(name = "Configuration")
record ConfigurationView(
        @Schema(description = "Settings of the process, by name; those of pools too, where they are not in a nutcracker.yml.")
                List<Setting> settings,
        @Schema(description = "The pools with their defaults in place, wherever they are written.") List<PoolSettings> pools) {

    @Schema(name = "ConfigurationSetting")
    record Setting(
            String name,
            @Schema(description = "`****` where it is a secret or might hold one.") String value,
            @Schema(description = "Where it is written; `default` if nowhere.") String origin) {}

    @Schema(name = "ConfigurationPool")
    record PoolSettings(
            String name,
            @Schema(
                    description = "By their names below `cashew.pools.\"name\"`; without those that are not set and have no default.")
                    Map<String, String> settings,
            List<String> servers) {}

    static ConfigurationView of(EffectiveSettings settings, List<Pool> pools) {
        return new ConfigurationView(
                settings.ofProcess().stream()
                        .map(setting -> new Setting(setting.name(), setting.value(), setting.origin()))
                        .toList(),
                pools.stream()
                        .map(pool -> new PoolSettings(
                                pool.name(), EffectiveSettings.of(pool.config()), EffectiveSettings.servers(pool.config())))
                        .toList());
    }
}
