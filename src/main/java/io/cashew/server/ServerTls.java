package io.cashew.server;

import io.cashew.transport.Tls;
import java.util.Optional;

/// How connections to the servers of a pool are encrypted. Those to unix sockets are not.
///
/// @param hostname what the certificates of all servers are for; without it each server's is for the host it is configured with
public record ServerTls(Tls tls, Optional<String> hostname) {}
