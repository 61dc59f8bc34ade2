package io.cashew.pool;

import io.cashew.config.ListenAddress;
import io.cashew.transport.Tls;
import io.vertx.core.net.SocketAddress;

/// One of the addresses at which a pool waits for clients.
///
/// @param tls null where clients speak without TLS
record Door(ListenAddress listen, Tls tls) {
    SocketAddress address() {
        return switch (listen) {
            case ListenAddress.Tcp tcp -> SocketAddress.inetSocketAddress(tcp.port(), tcp.resolved().getHostAddress());
            case ListenAddress.UnixSocket unix -> SocketAddress.domainSocketAddress(unix.path());
        };
    }

    @Override
    public String toString() {
        return listen.text() + (tls == null ? "" : " (TLS)");
    }
}
