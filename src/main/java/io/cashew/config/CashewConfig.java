package io.cashew.config;

import io.quarkus.arc.Unremovable;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Cashew's own section of Quarkus configuration: the same pools as in a nutcracker.yml, and where to find one.
///
/// A pool's values arrive as texts and are read by the code that reads a nutcracker.yml, so that both are checked alike
/// and all mistakes are reported together; ask [ConfiguredPools] for them, not this.
// Read by asking the configuration for it, so nobody injects it, and the framework would leave it out
@Unremovable
@ConfigMapping(prefix = CashewConfig.PREFIX)
public interface CashewConfig {
    String PREFIX = "cashew";
    String POOLS = PREFIX + ".pools";

    /// A nutcracker.yml whose pools are added; option `-c` goes before it.
    Optional<String> configFile();

    /// Event loops, each with its own clients and server connections; without it, as many as there are processors.
    OptionalInt workers();

    /// Pools by name.
    Map<String, PoolProperties> pools();

    /// One pool, as texts. What they mean, and their defaults, are on [PoolConfig]'s components.
    interface PoolProperties {
        Optional<String> listen();

        Optional<List<String>> servers();

        Optional<String> hash();

        Optional<String> hashTag();

        Optional<String> distribution();

        Optional<String> timeout();

        Optional<String> backlog();

        Optional<String> clientConnections();

        Optional<String> protocol();

        Optional<String> password();

        Optional<String> database();

        Optional<String> preconnect();

        Optional<String> autoEject();

        Optional<String> serverConnections();

        Optional<String> serverRetryTimeout();

        Optional<String> serverFailureLimit();

        Optional<String> tcpKeepalive();

        Optional<String> reusePort();
    }
}
