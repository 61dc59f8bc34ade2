package io.cashew.config;

import java.net.InetAddress;
import java.util.OptionalInt;

/// Where a pool waits for clients.
public sealed interface ListenAddress {
    /// `host:port` with the host as the user wrote it, or the path of the socket. No two pools may have the same.
    String text();

    /// A TCP port. `resolved` is the resolver's first answer for `host` at the time the configuration was read: names
    /// are looked up then and not again, as in twemproxy.
    record Tcp(String host, int port, InetAddress resolved) implements ListenAddress {
        @Override
        public String text() {
            return host + ":" + port;
        }
    }

    /// A unix socket. Without `permissions` (0001 to 0777, octal in configuration) the umask decides.
    record UnixSocket(String path, OptionalInt permissions) implements ListenAddress {
        @Override
        public String text() {
            return path;
        }
    }
}
