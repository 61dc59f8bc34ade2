package io.cashew.protocol;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;

/// Slows down those who guess: every address may say so many wrong passwords at once, and one more each time a while has
/// passed. Until then its passwords are not looked at, also not the right one, or guessing would go on.
///
/// An address is one of IPv4, or a network of 64 bits of IPv6, which is what one machine may have for itself. All clients of a
/// unix socket have the same one.
///
/// The table is bounded. A newcomer to a full one takes over from the address that has not guessed for the longest time, with
/// what that had left; so all addresses together cannot guess faster than a full table of them, however many they are.
///
/// Thread-safe: one for all workers of a pool, and one for REST.
public final class WrongPasswords {
    /// No matter how many are wrong.
    public static final WrongPasswords UNLIMITED = new WrongPasswords(0, Duration.ZERO);

    /// About 2 MB of them.
    private static final int ADDRESSES = 16 * 1024;

    /// What unix sockets count as: a network of IPv6 that nobody can come from (multicast).
    private static final long UNIX_SOCKET = -1;

    private final long nanosPerGuess;
    private final long nanosAtOnce;
    private final int addresses;
    private final LongSupplier clock;
    /// When all guesses of an address will be forgotten ([System#nanoTime()]); the address that guessed last is the last.
    private final LinkedHashMap<Long, Long> forgottenAt = new LinkedHashMap<>();

    /// `atOnce` guesses, 0 for as many as anyone likes, and one more after each `interval`.
    public WrongPasswords(int atOnce, Duration interval) {
        this(atOnce, interval, ADDRESSES, System::nanoTime);
    }

    WrongPasswords(int atOnce, Duration interval, int addresses, LongSupplier clock) {
        this.nanosPerGuess = atOnce == 0 ? 0 : interval.toNanos();
        this.nanosAtOnce = atOnce * nanosPerGuess;
        this.addresses = addresses;
        this.clock = clock;
    }

    /// How many nanoseconds it takes until a password of `client` is looked at; 0 if that may be at once.
    public long nanosToWait(Client client) {
        return nanosToWait(host(client));
    }

    /// The same of the address `from`; null for a unix socket.
    public synchronized long nanosToWait(InetAddress from) {
        if (forgottenAt.isEmpty()) {
            return 0;
        }
        long now = clock.getAsLong();
        return Math.max(0, forgottenAt(address(from), now) - now + nanosPerGuess - nanosAtOnce);
    }

    /// A password of `client` was wrong.
    public void count(Client client) {
        count(host(client));
    }

    /// A password from the address `from` was wrong; null for a unix socket.
    public synchronized void count(InetAddress from) {
        if (nanosPerGuess == 0) {
            return;
        }
        long now = clock.getAsLong();
        long address = address(from);
        long forgotten = forgottenAt(address, now) + nanosPerGuess;
        if (forgottenAt.remove(address) == null && forgottenAt.size() >= addresses) {
            forgottenAt.pollFirstEntry();
        }
        forgottenAt.put(address, forgotten);
    }

    /// At `now`, or later.
    private long forgottenAt(long address, long now) {
        Long known = forgottenAt.get(address);
        if (known == null && forgottenAt.size() >= addresses) {
            known = forgottenAt.firstEntry().getValue();
        }
        return known == null || known - now < 0 ? now : known;
    }

    private static InetAddress host(Client client) {
        return client.address() == null ? null : client.address().getAddress();
    }

    /// IPv4 lies where IPv6 has no networks that are in use.
    private static long address(InetAddress address) {
        if (address == null) {
            return UNIX_SOCKET;
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (bytes.capacity() == Integer.BYTES) {
            return bytes.getInt() & 0xffff_ffffL;
        }
        long network = bytes.getLong();
        long host = bytes.getLong();
        // ::ffff:10.0.0.9 is how a socket that takes both calls a client of IPv4.
        return network == 0 && host >>> 32 == 0xffff ? host & 0xffff_ffffL : network;
    }
}
