package io.cashew.config;

/// Where a server is reached. Names are resolved while the pool runs, again and again; here they are only text.
public sealed interface ServerAddress {
    /// An IPv6 `host` is written without brackets, as in `::1:6379:1`.
    record Tcp(String host, int port) implements ServerAddress {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    record UnixSocket(String path) implements ServerAddress {
        @Override
        public String toString() {
            return path;
        }
    }
}
