package io.cashew.config;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
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

    /// How the threads of the event loops are scheduled.
    @WithDefault("adaptive")
    Scheduling scheduling();

    /// Pools by name.
    Map<String, PoolProperties> pools();

    /// twemproxy's statistics, on a port of their own.
    StatisticsConfig statistics();

    /// Where statistics are to be had.
    interface StatisticsConfig {
        /// 0 for none. Without it, twemproxy's 22222 if there is a `config-file`, else none.
        OptionalInt port();

        /// A name, an address, or the path of a unix socket, which begins with `/`.
        @WithDefault("0.0.0.0")
        String address();
    }

    /// What the log looks like; how much it says is the framework's.
    LogConfig log();

    /// The lines of the log.
    interface LogConfig {
        /// Whether each is a JSON object, for programs, instead of a line for people; wherever the log goes.
        @WithDefault("false")
        boolean json();
    }

    /// Who may use REST.
    RestConfig rest();

    /// Users of REST, and what others may do there.
    interface RestConfig {
        /// Whether reading needs a user, too; changes always do.
        @WithDefault("false")
        boolean viewersOnly();

        /// Users by name.
        Map<String, UserConfig> users();
    }

    /// One user of REST, with a password here or in a file.
    interface UserConfig {
        Optional<String> password();

        /// Read whenever somebody gives a password; a line end at its end does not count.
        Optional<String> passwordFile();

        @WithDefault("viewer")
        Role role();
    }

    /// How much a peer may claim or make us hold.
    LimitsConfig limits();

    /// When and how a changed configuration comes into force.
    ReloadConfig reload();

    /// How the process ends when it is told to.
    ShutdownConfig shutdown();

    /// Of the files that pools are written in.
    interface ReloadConfig {
        /// How often they are looked at; 0 for never. What has changed comes into force when it is the same at two looks.
        @WithDefault("1s")
        Duration interval();

        /// How long what is under way on servers and addresses that are given up may take to end.
        @WithDefault("30s")
        Duration drain();
    }

    /// In this order, after SIGTERM.
    interface ShutdownConfig {
        /// How long clients are still taken after readiness has said no.
        @WithDefault("0s")
        Duration delay();

        /// Within this time clients are sent away, each at a moment of its own.
        @WithDefault("1s")
        Duration spread();

        /// How long clients may take, from the end of the delay, to get what they are owed.
        @WithDefault("15s")
        Duration grace();
    }

    /// Bounds of every pool. What a peer claims beyond them is refused, never allocated.
    interface LimitsConfig {
        /// Arguments of one request, the command's name included; Redis's own limit by default.
        @WithDefault("1048576")
        int arguments();

        /// Bytes of one argument, or of one value in a reply (`proto-max-bulk-len`).
        @WithDefault("512M")
        MemorySize bulk();

        /// Bytes of an inline request, or of a header line.
        @WithDefault("64K")
        MemorySize line();

        /// Bytes of one whole request or reply.
        @WithDefault("1G")
        MemorySize message();

        /// Requests of one client that may be under way; with more its socket is not read until half are answered.
        @WithDefault("4096")
        int pipelined();

        /// Bytes of replies one client may leave unread; with more its socket is not read.
        @WithDefault("1M")
        MemorySize unread();

        /// Bytes of replies that may wait for one client; with more its connection is ended. 0: as many as `memory` allows.
        @WithDefault("1G")
        MemorySize output();

        /// Bytes held for all connections together, in native memory; with more, those that make us hold the most are
        /// ended. Without it, six tenths of the direct memory the JVM allows.
        Optional<MemorySize> memory();

        /// How long a client that is owed nothing may say nothing before its connection ends; without it, for ever.
        Optional<Duration> idle();

        /// How long the rest of a begun request may take to come; a second more for every 16 KB that have come.
        @WithDefault("60s")
        Duration unfinished();

        /// How long a client or server may give no sign of life, as one does whose machine is gone, before its connection
        /// ends; 0 for what the system and `tcpkeepalive` do.
        @WithDefault("60s")
        Duration vanished();

        /// Requests that may wait on one server connection; further ones are answered with an error at once.
        @WithDefault("262144")
        int pending();

        /// Server connections that one pool may lend to single clients at a time, for transactions and for commands that wait; a
        /// client that needs one more gets an error at once.
        @WithDefault("1000")
        int privateConnections();

        /// Channels and patterns that one client may subscribe to; what is more gets an error.
        @WithDefault("10000")
        int subscriptionsPerClient();

        /// Channels and patterns that the clients of one pool may subscribe to together, counted once for each client.
        @WithDefault("100000")
        int subscriptions();

        /// Wrong passwords that may come from one address at once, for each pool and for REST; then none from there is looked at
        /// for a while. 0: as many as anyone likes.
        @WithDefault("10")
        int passwordAttempts();

        /// How long it takes until one more may come.
        @WithDefault("1s")
        Duration passwordInterval();

        /// Bytes of requests that may wait to leave on one server connection; further requests are answered with an error at
        /// once. Without it, half of `memory`.
        Optional<MemorySize> unsent();
    }

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

        Optional<String> itemSizeMax();

        Optional<String> databases();

        Optional<String> serverResolveInterval();

        Optional<String> allowFlush();

        Optional<String> crossServerLimit();

        Optional<String> ejectMode();

        Optional<String> serverFailureMerge();

        Optional<String> serverProbe();

        Optional<String> serverProbeTimeout();

        Optional<String> serverProbeInterval();

        Optional<String> serverProbeFailures();

        Optional<String> serverProbeSuccesses();

        Optional<String> serverRetryTimeoutMax();

        Optional<String> serverRetryJitter();

        Optional<String> serverFlapWindow();

        Optional<String> tls();

        Optional<String> listenTls();

        Optional<String> tlsClientAuth();

        Optional<String> serverTls();

        Optional<String> serverTlsHostname();

        Optional<String> passwordFile();

        Optional<String> usersFile();

        Optional<String> serverUser();

        Optional<String> serverPassword();

        Optional<String> serverPasswordFile();

        Optional<String> slowLogThreshold();

        Optional<String> slowLogEntries();

        Optional<String> accessLogEvery();

        Optional<String> accessLogKeys();
    }
}
