package io.cashew.pool;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// Shows clients the certificate for the server name they ask for (SNI), and whoever asks for none, or for one that nobody has
/// a certificate for, that of `otherwise`.
final class KeysByName extends X509ExtendedKeyManager {
    /// An alias is the name asked for and, behind this, the alias for it; or one of `otherwise`.
    private static final String BEHIND_NAME = "/";

    private final X509ExtendedKeyManager otherwise;
    private final Function<String, KeyManagerFactory> byName;

    KeysByName(X509ExtendedKeyManager otherwise, Function<String, KeyManagerFactory> byName) {
        this.otherwise = otherwise;
        this.byName = byName;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        for (SNIServerName requested : requestedNames(engine)) {
            String name = requested instanceof SNIHostName host ? host.getAsciiName() : "";
            X509ExtendedKeyManager keys = named(name);
            if (keys != null) {
                // Null if its key is of another type: the JDK asks again for the next one the client knows.
                String alias = keys.chooseEngineServerAlias(keyType, issuers, engine);
                return alias == null ? null : name + BEHIND_NAME + alias;
            }
        }
        return otherwise.chooseEngineServerAlias(keyType, issuers, engine);
    }

    private static List<SNIServerName> requestedNames(SSLEngine engine) {
        return engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames()
                : List.of();
    }

    /// Null if there is no certificate for `name`.
    private X509ExtendedKeyManager named(String name) {
        KeyManagerFactory factory = byName.apply(name);
        return factory == null ? null : (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        int end = alias.indexOf(BEHIND_NAME);
        return end < 0
                ? otherwise.getCertificateChain(alias)
                : named(alias.substring(0, end)).getCertificateChain(alias.substring(end + 1));
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        int end = alias.indexOf(BEHIND_NAME);
        return end < 0
                ? otherwise.getPrivateKey(alias)
                : named(alias.substring(0, end)).getPrivateKey(alias.substring(end + 1));
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return otherwise.getServerAliases(keyType, issuers);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return otherwise.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return otherwise.getClientAliases(keyType, issuers);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return otherwise.chooseClientAlias(keyTypes, issuers, socket);
    }
}
