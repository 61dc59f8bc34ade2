package io.cashew.server;

import java.net.InetAddress;
import java.util.Optional;

/// Something that happened to the address of a server, for whoever tells the user and for those that are connected to it.
public sealed interface AddressEvent {
    /// The server's [Server#index()].
    int server();

    /// Its name has other addresses now, the one in use is not among them.
    record Moved(int server, InetAddress from, InetAddress to) implements AddressEvent {}

    /// Its name could not be resolved, in the words of `reason`; the last good answer is kept, if there has been one.
    record Unresolved(int server, String reason, Optional<InetAddress> kept) implements AddressEvent {}
}
