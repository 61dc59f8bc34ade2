package io.cashew.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Three guesses at once, one more every ten nanoseconds, four addresses; the clock is a number.
class WrongPasswordsTest {
    private static final int ADDRESSES = 4;

    private long now = Long.MAX_VALUE - 20;
    private final WrongPasswords limit = new WrongPasswords(3, Duration.ofNanos(10), ADDRESSES, () -> now);

    @Test
    void whoHasNotGuessedNeedNotWait() {
        assertThat(limit.nanosToWait(from("10.0.0.1"))).isZero();
    }

    @Test
    void afterTheLastGuessOneHasToWaitForOneMore() {
        guess("10.0.0.1", 2);
        assertThat(limit.nanosToWait(from("10.0.0.1"))).isZero();

        guess("10.0.0.1", 1);

        assertThat(limit.nanosToWait(from("10.0.0.1"))).isEqualTo(10);
        now += 9;
        assertThat(limit.nanosToWait(from("10.0.0.1"))).isEqualTo(1);
        now += 1;
        assertThat(limit.nanosToWait(from("10.0.0.1"))).isZero();
        guess("10.0.0.1", 1);
        assertThat(limit.nanosToWait(from("10.0.0.1"))).isEqualTo(10);
    }

    @Test
    void allGuessesComeBackInTheEndAndNoMore() {
        guess("10.0.0.1", 3);
        now += 1000;

        guess("10.0.0.1", 2);
        assertThat(limit.nanosToWait(from("10.0.0.1"))).isZero();
        guess("10.0.0.1", 1);
        assertThat(limit.nanosToWait(from("10.0.0.1"))).isEqualTo(10);
    }

    @Test
    void addressesDoNotSlowEachOtherDown() {
        guess("10.0.0.1", 3);

        assertThat(limit.nanosToWait(from("10.0.0.2"))).isZero();
        assertThat(limit.nanosToWait(from("2001:db8::1"))).isZero();
        assertThat(limit.nanosToWait(new Client(1, null, null))).isZero();
    }

    @Test
    void aNetworkOf64BitsIsOneAddress() {
        guess("2001:db8:0:1::1", 3);

        assertThat(limit.nanosToWait(from("2001:db8:0:1:ffff::2"))).isEqualTo(10);
        assertThat(limit.nanosToWait(from("2001:db8:0:2::1"))).isZero();
    }

    @Test
    void clientsOfIPv4AreToldApartAlsoOnASocketThatTakesBoth() throws UnknownHostException {
        guess("10.0.0.1", 3);

        assertThat(limit.nanosToWait(mapped(10, 0, 0, 1))).isEqualTo(10);
        assertThat(limit.nanosToWait(mapped(10, 0, 0, 2))).isZero();
    }

    @Test
    void aUnixSocketIsOneAddress() {
        var client = new Client(1, null, null);
        limit.count(client);
        limit.count(client);
        limit.count(client);

        assertThat(limit.nanosToWait(new Client(2, null, null))).isEqualTo(10);
    }

    @Test
    void whoeverComesToAFullTableHasWhatTheOneThatRestedLongestHasLeft() {
        for (int i = 1; i <= ADDRESSES; i++) {
            guess("10.0.0." + i, 3);
        }
        assertThat(limit.nanosToWait(from("10.0.0.9"))).isEqualTo(10);

        now += 10;
        assertThat(limit.nanosToWait(from("10.0.0.9"))).isZero();
        guess("10.0.0.9", 1);

        assertThat(limit.nanosToWait(from("10.0.0.9"))).isEqualTo(10);
        guess("10.0.0.3", 1);
        assertThat(limit.nanosToWait(from("10.0.0.3"))).isEqualTo(10);
    }

    @Test
    void aMillionAddressesGuessNoMoreThanAFullTable() {
        int guesses = 0;
        for (int i = 0; i < 1_000_000; i++) {
            var client = from("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
            if (limit.nanosToWait(client) == 0) {
                limit.count(client);
                guesses++;
            }
        }

        assertThat(guesses).isEqualTo(ADDRESSES * 3);
    }

    @Test
    void withoutALimitNobodyWaits() {
        for (int i = 0; i < 1000; i++) {
            WrongPasswords.UNLIMITED.count(from("10.0.0.1"));
        }

        assertThat(WrongPasswords.UNLIMITED.nanosToWait(from("10.0.0.1"))).isZero();
    }

    private void guess(String address, int times) {
        for (int i = 0; i < times; i++) {
            limit.count(from(address));
        }
    }

    private static Client from(String address) {
        return new Client(1, new InetSocketAddress(address, 4711), null);
    }

    /// As the system's own sockets say it, which do not know that Java would make an address of IPv4 of it.
    private static Client mapped(int... ip) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        for (int i = 0; i < 4; i++) {
            bytes[12 + i] = (byte) ip[i];
        }
        InetAddress address = java.net.Inet6Address.getByAddress(null, bytes, 0);
        assertThat(address.getAddress()).hasSize(16);
        return new Client(1, new InetSocketAddress(address, 4711), null);
    }
}
