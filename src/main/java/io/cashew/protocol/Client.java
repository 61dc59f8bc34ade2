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
        if (address == null) {
            return id + " of the unix socket";
        }
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
