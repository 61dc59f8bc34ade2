package io.cashew.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Finds the addresses of a name.
@FunctionalInterface
public interface Resolver {
    /// The system's: `/etc/hosts`, search domains and what else the administrator has set up hold as they do for twemproxy.
    ///
    /// The JVM may remember what it has heard, for 30 seconds by default (`networkaddress.cache.ttl`, in
    /// `InetAddressCachePolicy`). It can be told not to once only, before it resolves its first name, so that is the first
    /// thing `Cashew.main` does; where Cashew is started in another way, a move is noticed that much later.
    Resolver SYSTEM = name -> List.of(InetAddress.getAllByName(name));

    /// All addresses of `name`, at least one, in the order in which they are to be preferred. Takes the time it takes: a
    /// name service that is down keeps the caller for half a minute. Called by several threads at once.
    List<InetAddress> resolve(String name) throws UnknownHostException;
}
