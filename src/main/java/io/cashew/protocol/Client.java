package io.cashew.protocol;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/// Who is at the other end of a client connection.
///
/// @param id unique among the clients of this process
/// @param address where it has connected from, or null if that is a unix socket
/// @param listener where it has connected to, or null if that is a unix socket
public record Client(int id, InetSocketAddress address, InetSocketAddress listener) {
    /// As a log names it.
    @Override
    public String toString() {
        return address == null ? id + " of the unix socket" : addressText();
    }

    /// Where it has connected from: `127.0.0.1:4711` or `[::1]:4711`, or null if that is a unix socket.
    public String addressText() {
        return text(address);
    }

    /// Where it has connected to, in the same form.
    public String listenerText() {
        return text(listener);
    }

    private static String text(InetSocketAddress address) {
        if (address == null) {
            return null;
        }
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
