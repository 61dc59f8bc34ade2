package io.cashew.server;

import io.netty.util.NetUtil;

/// Where a server listens.
public sealed interface Endpoint {
    /// `host` is a name, whose address [Addresses] knows, or an address.
    record Tcp(String host, int port) implements Endpoint {
        boolean isName() {
            return !NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host);
        }

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
