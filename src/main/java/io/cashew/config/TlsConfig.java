package io.cashew.config;

import java.util.Optional;

/// Where a pool speaks TLS. Certificates, keys and whom to trust are entries of Quarkus's TLS registry (`quarkus.tls."name".*`);
/// a pool names them.
///
/// @param entry          what clients are shown; empty for no TLS with clients
/// @param listen         where clients connect with TLS; empty for the pool's `listen`, which speaks nothing else then
/// @param clientAuth     whether clients have to show a certificate
/// @param serverEntry    whom to trust among servers, and what to show them; empty for no TLS with servers
/// @param serverHostname what the servers' certificates are for; empty for the host of each
public record TlsConfig(
        Optional<String> entry,
        Optional<ListenAddress> listen,
        ClientAuth clientAuth,
        Optional<String> serverEntry,
        Optional<String> serverHostname) {
    /// What holds where nothing is configured.
    public static final TlsConfig NONE =
            new TlsConfig(Optional.empty(), Optional.empty(), ClientAuth.NONE, Optional.empty(), Optional.empty());
}
