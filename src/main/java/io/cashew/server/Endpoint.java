package io.cashew.server;

/// Where a server listens.
public sealed interface Endpoint {
    /// `host` is a name or an address and is resolved whenever a connection is made.
    record Tcp(String host, int port) implements Endpoint {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    record UnixSocket(String path) implements Endpoint {
        @Override
        public String toString() {
            return path;
        }
    }
}
