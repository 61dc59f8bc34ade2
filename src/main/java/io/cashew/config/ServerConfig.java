package io.cashew.config;

/// One entry of a pool's `servers`.
///
/// @param name     the ring name. It decides where keys live, the order of servers, and how a server is called in
///                 statistics: the name the user gave, else `host:port`, else just `host` when the port is 11211, or
///                 the path of a unix socket with a colon behind it. The oddities are twemproxy's; another name would
///                 move keys.
/// @param named    whether the user gave the name
/// @param address  where to connect to
/// @param weight   share of the keys relative to the pool's other servers, 1 to 2147483647
public record ServerConfig(String name, boolean named, ServerAddress address, int weight) {}
