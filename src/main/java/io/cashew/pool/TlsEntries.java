package io.cashew.pool;

import io.cashew.config.ClientAuth;
import io.cashew.metrics.LogLine;
import io.cashew.server.ServerTls;
import io.cashew.transport.Tls;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.Vertx;
import io.vertx.core.net.SSLOptions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jboss.logging.Logger;

/// The entries of the TLS registry that pools name, in the form that the road uses. When the registry has read an entry's
/// files anew, [#renew(String)] gives what they hold to everybody who uses it.
///
/// The cryptography is the JDK's.
///
/// Thread-safe.
final class TlsEntries {
    private static final Logger LOG = Logger.getLogger(TlsEntries.class);

    private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

    /// Sessions of clients that cannot keep theirs themselves, by a ticket; each is some kilobytes. The JDK's own bound is 20480.
    private static final int SESSIONS = 1024;

    /// Half of the processors for those who come, and half for those who are here.
    private static final int HANDSHAKE_THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final long IDLE_THREAD_SECONDS = 30;

    private final Vertx vertx;
    private final Function<String, Optional<TlsConfiguration>> registry;
    private final ThreadPoolExecutor handshakes;
    private final List<Use> uses = new CopyOnWriteArrayList<>();

    /// A pool's use of an entry: how its terms are made, and who has them.
    private record Use(String entry, Source source, Tls tls) {}

    private interface Source {
        Tls.Terms terms(TlsConfiguration entry) throws Exception;
    }

    /// `registry` finds an entry by its name.
    TlsEntries(Vertx vertx, Function<String, Optional<TlsConfiguration>> registry) {
        this.vertx = vertx;
        this.registry = registry;
        this.handshakes = new ThreadPoolExecutor(
                HANDSHAKE_THREADS, HANDSHAKE_THREADS, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("cashew-tls-", 0).factory());
        handshakes.allowCoreThreadTimeOut(true);
    }

    /// What clients are shown who come to a pool whose `tls` is `name`. The exception says what is wrong with the entry, and what
    /// to do.
    Tls forClients(String name, ClientAuth auth) throws GeneralSecurityException {
        return use("tls", name, entry -> clientTerms(entry, auth));
    }

    /// How a pool whose `server_tls` is `name` comes to its servers; else like [#forClients(String, ClientAuth)].
    Tls forServers(String name) throws GeneralSecurityException {
        return use("server_tls", name, this::serverTerms);
    }

    /// Whoever uses the entry `name` uses what it holds now. What is wrong with it is logged, and the old terms stay.
    void renew(String name) {
        for (Use use : uses) {
            if (use.entry.equals(name)) {
                try {
                    use.tls.renew(terms(name, use.source));
                    LOG.debugf("TLS entry '%s': new connections use what its files hold now", name);
                } catch (GeneralSecurityException wrong) {
                    LogLine.about("tls", name).write(LOG, Logger.Level.WARN, "TLS entry '" + name
                            + "' has changed and cannot be used, so what it held before stays in use: " + wrong.getMessage()
                            + "; correct its files");
                }
            }
        }
    }

    /// Nobody uses these any more.
    void forget(Optional<Tls> ofClients, Optional<ServerTls> ofServers) {
        Stream.concat(ofClients.stream(), ofServers.map(ServerTls::tls).stream())
                .forEach(gone -> uses.removeIf(use -> use.tls == gone));
    }

    void close() {
        handshakes.shutdown();
    }

    private Tls use(String key, String name, Source source) throws GeneralSecurityException {
        Tls tls;
        try {
            tls = new Tls(terms(name, source), handshakes);
        } catch (GeneralSecurityException wrong) {
            throw new GeneralSecurityException(key + " is \"" + name + "\", " + wrong.getMessage(), wrong);
        }
        uses.add(new Use(name, source, tls));
        return tls;
    }

    private Tls.Terms terms(String name, Source source) throws GeneralSecurityException {
        TlsConfiguration entry = registry.apply(name).orElseThrow(() -> new GeneralSecurityException(
                "but the TLS registry has no such entry: set " + property(name)
                        + ".key-store and .trust-store, or correct the name"));
        try {
            return source.terms(entry);
        } catch (Refused refused) {
            throw new GeneralSecurityException(refused.reason + ": " + refused.remedy.formatted(property(name)), refused);
        } catch (Exception wrong) {
            throw new GeneralSecurityException("which cannot be used: " + wrong.getMessage(), wrong);
        }
    }

    private static String property(String name) {
        return "quarkus.tls.\"" + name + "\"";
    }

    private Tls.Terms clientTerms(TlsConfiguration entry, ClientAuth auth) throws Exception {
        if (entry.getKeyStoreOptions() == null) {
            throw new Refused("which has no certificate to show to clients", "set %s.key-store");
        }
        if (auth != ClientAuth.NONE && entry.getTrustStoreOptions() == null) {
            // The JDK would go by its own list: anybody with a certificate from a public authority could come.
            throw new Refused("which does not say whose certificates clients may show (tls_client_auth)", "set %s.trust-store");
        }
        KeyManager[] keys = keys(entry);
        if (entry.usesSni()) {
            keys = new KeyManager[] {
                new KeysByName((X509ExtendedKeyManager) keys[0], entry.getKeyStoreOptions().keyManagerFactoryMapper(vertx))
            };
        }
        SSLContext context = context(keys, trust(entry));
        context.getServerSessionContext().setSessionCacheSize(SESSIONS);
        SSLParameters parameters = parameters(entry, context);
        switch (auth) {
            case NONE -> {}
            case REQUEST -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        return new Tls.Terms(context, parameters, handshakeMillis(entry));
    }

    private Tls.Terms serverTerms(TlsConfiguration entry) throws Exception {
        SSLContext context = context(keys(entry), trust(entry));
        SSLParameters parameters = parameters(entry, context);
        String verification = entry.getHostnameVerificationAlgorithm().orElse("HTTPS");
        if (!entry.isTrustAll() && !verification.equalsIgnoreCase("NONE")) {
            parameters.setEndpointIdentificationAlgorithm(verification);
        }
        return new Tls.Terms(context, parameters, handshakeMillis(entry));
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private KeyManager[] keys(TlsConfiguration entry) throws Exception {
        return entry.getKeyStoreOptions() == null
                ? null
                : entry.getKeyStoreOptions().getKeyManagerFactory(vertx).getKeyManagers();
    }

    /// Null for the JDK's own list of public authorities.
    private TrustManager[] trust(TlsConfiguration entry) throws Exception {
        return entry.getTrustStoreOptions() == null
                ? null
                : entry.getTrustStoreOptions().getTrustManagerFactory(vertx).getTrustManagers();
    }

    private static SSLParameters parameters(TlsConfiguration entry, SSLContext context) throws Refused {
        SSLOptions options = entry.getSSLOptions();
        if (!options.getCrlPaths().isEmpty() || !options.getCrlValues().isEmpty()) {
            throw new Refused(
                    "which has a list of revoked certificates, and pools do not look at such lists",
                    "remove %s.certificate-revocation-list, and let certificates live shortly");
        }
        Set<String> versions = new TreeSet<>(options.getEnabledSecureTransportProtocols());
        if (!VERSIONS.containsAll(versions)) {
            throw new Refused("which allows versions older than TLS 1.2", "set %s.protocols to TLSv1.3 and TLSv1.2");
        }
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(versions.toArray(String[]::new));
        List<String> suites = new ArrayList<>(options.getEnabledCipherSuites());
        if (!suites.isEmpty()) {
            parameters.setCipherSuites(suites.toArray(String[]::new));
        }
        return parameters;
    }

    private static long handshakeMillis(TlsConfiguration entry) {
        SSLOptions options = entry.getSSLOptions();
        return options.getSslHandshakeTimeoutUnit().toMillis(options.getSslHandshakeTimeout());
    }

    /// An entry that is good, but not for this.
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;
        private final String remedy;

        Refused(String reason, String remedy) {
            super(reason);
            this.reason = reason;
            this.remedy = remedy;
        }
    }
}
