package io.cashew.pool;

import io.cashew.config.ListenAddress;
import io.cashew.config.PoolConfig;
import io.cashew.transport.Tls;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One of the addresses at which a pool waits for clients.
///
/// @param tls null where clients speak without TLS
record Door(ListenAddress listen, Tls tls) {
    /// Those of `pool`, whose clients speak TLS by `encryption` where they do.
    static List<Door> of(PoolConfig pool, Optional<Tls> encryption) {
        return pool.tls()
                .listen()
                .map(listen -> List.of(new Door(pool.listen(), null), new Door(listen, encryption.orElse(null))))
                .orElseGet(() -> List.of(new Door(pool.listen(), encryption.orElse(null))));
    }

    SocketAddress address() {
        return switch (listen) {
            case ListenAddress.Tcp tcp -> SocketAddress.inetSocketAddress(tcp.port(), tcp.resolved().getHostAddress());
            case ListenAddress.UnixSocket unix -> SocketAddress.domainSocketAddress(unix.path());
        };
    }

    /// A socket that an earlier process left behind is removed; anything else at the path is somebody's file.
    void makeRoom() throws IOException {
        if (listen instanceof ListenAddress.UnixSocket unix) {
            Path path = Path.of(unix.path());
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
                    throw new IOException("cannot listen on " + path + ": there is a file that is not a socket; move it away");
                }
                Files.delete(path);
            }
        }
    }

    /// Sets those of a unix socket that is open, if there are any to set.
    void setPermissions() throws IOException {
        if (listen instanceof ListenAddress.UnixSocket unix && unix.permissions().isPresent()) {
            int mode = unix.permissions().getAsInt();
            PosixFilePermission[] bits = PosixFilePermission.values();
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            for (int bit = 0; bit < bits.length; bit++) {
                // The constants are in the order of the mode's bits, owner's read first.
                if ((mode & 1 << bits.length - 1 - bit) != 0) {
                    permissions.add(bits[bit]);
                }
            }
            Files.setPosixFilePermissions(Path.of(unix.path()), permissions);
        }
    }

    @Override
    public String toString() {
        return listen.text() + (tls == null ? "" : " (TLS)");
    }
}
