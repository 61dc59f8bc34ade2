/// The language of memcached servers: the text protocol, classic and meta commands. The binary one, which memcached
/// itself calls deprecated, is not spoken.
///
/// [MemcacheCommand] is the table everything else is derived from: what is known about a command stands in its row and
/// nowhere else. [MemcacheSession] answers what concerns one client only. Bytes are decoded, framed and joined here;
/// sockets and event loops are unknown here, and so is Redis. Start reading at [MemcacheCommand].
package io.cashew.protocol.memcache;
