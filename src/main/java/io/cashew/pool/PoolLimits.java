package io.cashew.pool;

import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.protocol.Limits;
import io.cashew.transport.IoLoop;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;

/// How much the peers of a pool may claim or make us hold.
///
/// @param messages of what is sent to us
/// @param pipelined requests of one client under way before its socket is left unread
/// @param unread bytes of replies one client may leave unread before its socket is left unread, too
/// @param output bytes of replies that may wait for one client, then it is sent away; 0 for as many as memory allows
/// @param memory bytes held for all connections of the process together; 0 for what the JVM's settings suggest
/// @param idle silence of a client that is owed nothing; zero for ever
/// @param unfinished time for the rest of a begun request
/// @param vanished time after which a peer that gives no sign of life is taken to be gone; zero for the system's ways
/// @param pending requests that may wait on one server connection; far above what healthy pools see
/// @param passwordAttempts wrong passwords one address may say at once; 0 for as many as it likes
/// @param passwordInterval how long it takes until it may say one more
/// @param unsent bytes of requests that may wait to leave on one server connection; 0 for a quarter of `memory`
public record PoolLimits(
        Limits messages,
        int pipelined,
        int unread,
        long output,
        long memory,
        Duration idle,
        Duration unfinished,
        Duration vanished,
        int pending,
        int passwordAttempts,
        Duration passwordInterval,
        long unsent) {
    /// What holds where nothing is configured.
    public static final PoolLimits DEFAULT = new PoolLimits(
            Limits.REDIS,
            4096,
            1024 * 1024,
            1024L * 1024 * 1024,
            0,
            Duration.ZERO,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            256 * 1024,
            10,
            Duration.ofSeconds(1),
            0);

    /// These limits with another one for the requests that may wait on one server connection.
    public PoolLimits withPending(int pending) {
        return new PoolLimits(
                messages, pipelined, unread, output, memory, idle, unfinished, vanished, pending, passwordAttempts, passwordInterval,
                unsent);
    }

    /// These limits with another one for the bytes that may wait to leave on one server connection.
    public PoolLimits withUnsent(long unsent) {
        return new PoolLimits(
                messages, pipelined, unread, output, memory, idle, unfinished, vanished, pending, passwordAttempts, passwordInterval,
                unsent);
    }

    /// These limits with another one for what all connections of the process together may hold.
    public PoolLimits withMemory(long memory) {
        return new PoolLimits(
                messages, pipelined, unread, output, memory, idle, unfinished, vanished, pending, passwordAttempts, passwordInterval,
                unsent);
    }

    /// These limits with another patience for clients.
    public PoolLimits withPatience(Duration idle, Duration unfinished) {
        return new PoolLimits(
                messages, pipelined, unread, output, memory, idle, unfinished, vanished, pending, passwordAttempts, passwordInterval,
                unsent);
    }

    /// These limits with another patience for those who guess passwords.
    public PoolLimits withPasswords(int attempts, Duration interval) {
        return new PoolLimits(
                messages, pipelined, unread, output, memory, idle, unfinished, vanished, pending, attempts, interval, unsent);
    }

    /// These limits with another one for the bytes that may wait for one client.
    public PoolLimits withOutput(long output) {
        return new PoolLimits(
                messages, pipelined, unread, output, memory, idle, unfinished, vanished, pending, passwordAttempts, passwordInterval,
                unsent);
    }

    /// These limits with another patience for peers that give no sign of life.
    public PoolLimits withVanished(Duration vanished) {
        return new PoolLimits(
                messages, pipelined, unread, output, memory, idle, unfinished, vanished, pending, passwordAttempts, passwordInterval,
                unsent);
    }

    /// [#unsent], as a number of bytes in any case.
    long unsentBytes() {
        return unsent > 0 ? unsent : (memory > 0 ? memory : IoLoop.DEFAULT_MEMORY_LIMIT) / 4;
    }

    static PoolLimits of(LimitsConfig config) {
        return new PoolLimits(
                new Limits(
                        config.arguments(),
                        (int) config.bulk().asLongValue(),
                        (int) config.line().asLongValue(),
                        (int) config.message().asLongValue()),
                config.pipelined(),
                (int) config.unread().asLongValue(),
                config.output().asLongValue(),
                config.memory().map(MemorySize::asLongValue).orElse(0L),
                config.idle().orElse(Duration.ZERO),
                config.unfinished(),
                config.vanished(),
                config.pending(),
                config.passwordAttempts(),
                config.passwordInterval(),
                config.unsent().map(MemorySize::asLongValue).orElse(0L));
    }
}
