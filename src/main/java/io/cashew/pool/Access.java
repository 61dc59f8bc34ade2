package io.cashew.pool;

import io.cashew.config.AccessConfig;
import io.cashew.config.PoolConfig;
import io.cashew.config.Secret;
import io.cashew.metrics.LogLine;
import io.cashew.protocol.redis.Password;
import io.cashew.protocol.redis.ServerLogin;
import io.cashew.protocol.redis.UserTerms;
import io.cashew.protocol.redis.Users;
import io.cashew.protocol.redis.UsersFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Who may use a Redis pool and how its servers are logged in to, as its configuration and the files say that it names. When a file
/// has changed, [#look()] gives what it holds now to everybody who is or becomes connected.
///
/// Reading is for one thread at a time, and not for an event loop but at the start.
final class Access {
    private static final Logger LOG = Logger.getLogger(Access.class);

    /// What the files say, all together.
    private record Wording(List<UserTerms> users, Optional<byte[]> login) {}

    private final String pool;
    private final AccessConfig config;
    private final Optional<byte[]> password;
    private final Users users;
    private final ServerLogin login;
    private byte[] fingerprint = {};
    private String problem = "";

    Access(PoolConfig pool) {
        this.pool = pool.name();
        this.config = pool.access();
        this.password = pool.password().map(Secret::revealBytes);
        this.users = config.usersFile().isPresent() ? Users.listed() : Users.awaitingPasswords();
        this.login = hasLogin() ? ServerLogin.awaited(config.serverUser().map(SecretFiles::bytes)) : ServerLogin.NONE;
    }

    private boolean hasLogin() {
        return password.isPresent()
                || config.passwordFile().isPresent()
                || config.serverPassword().isPresent()
                || config.serverPasswordFile().isPresent();
    }

    Users users() {
        return users;
    }

    ServerLogin login() {
        return login;
    }

    /// Whether what holds may change while the pool runs.
    boolean hasFiles() {
        return config.passwordFile().isPresent() || config.usersFile().isPresent() || config.serverPasswordFile().isPresent();
    }

    /// Reads the files. Nothing changes if anything is wrong with one of them; the exception says what, and what to do.
    void read() throws IOException {
        var files = new SecretFiles();
        var wording = read(files);
        byte[] seen = files.fingerprint();
        if (!Arrays.equals(seen, fingerprint)) {
            users.renew(wording.users());
            wording.login().ifPresent(login::renew);
            fingerprint = seen;
        }
    }

    /// Reads the files again, and says whether that has changed anything. What is wrong with one is logged, once, and the old terms
    /// stay.
    boolean look() {
        byte[] before = fingerprint;
        try {
            read();
            problem = "";
            if (fingerprint != before) {
                write(Logger.Level.INFO, "are what their files hold now");
            }
        } catch (IOException wrong) {
            if (!problem.equals(wrong.getMessage())) {
                problem = wrong.getMessage();
                write(Logger.Level.WARN, "stay what they were: " + problem);
            }
        }
        return fingerprint != before;
    }

    private void write(Logger.Level level, String what) {
        LogLine.about("pool", pool).write(LOG, level, "pool '" + pool + "': users and passwords " + what);
    }

    private Wording read(SecretFiles files) throws IOException {
        List<byte[]> passwords = new ArrayList<>(password.stream().toList());
        if (config.passwordFile().isPresent()) {
            passwords.addAll(files.passwords("redis_auth_file", config.passwordFile().get()));
        }
        List<UserTerms> terms = users(files, passwords);
        Optional<byte[]> said = config.serverPassword().map(Secret::revealBytes);
        if (config.serverPasswordFile().isPresent()) {
            said = Optional.of(files.passwords("server_auth_file", config.serverPasswordFile().get()).getFirst());
        }
        return new Wording(terms, said.or(() -> passwords.stream().findFirst()));
    }

    private List<UserTerms> users(SecretFiles files, List<byte[]> passwords) throws IOException {
        UserTerms master = UserTerms.master(passwords.stream().map(Password::of).toList());
        if (config.usersFile().isEmpty()) {
            return List.of(master);
        }
        Path file = config.usersFile().get();
        List<UserTerms> terms = new ArrayList<>();
        try {
            terms.addAll(UsersFile.read(
                    files.content("users_file", file),
                    path -> files.passwords("password-file", file.resolveSibling(path)).stream().map(Password::of).toList()));
        } catch (UsersFile.WrongUsers wrong) {
            throw new IOException("users_file " + file + ": " + wrong.getMessage(), wrong);
        }
        if (!passwords.isEmpty()) {
            if (terms.stream().anyMatch(user -> user.name().equals(master.name()))) {
                throw new IOException("users_file " + file + " has a user '" + master.name()
                        + "', whose password redis_auth is, too: remove one of them; what servers want to hear can be server_auth");
            }
            terms.add(master);
        }
        return terms;
    }
}
