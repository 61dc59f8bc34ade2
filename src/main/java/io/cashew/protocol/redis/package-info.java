/// The language of Redis and Valkey servers, RESP2 for now.
///
/// [RedisCommand] is the table everything else is derived from: what is known about a command stands in its row and
/// nowhere else. [RedisSession] answers what concerns one client only. Bytes are decoded, framed and joined here; sockets
/// and event loops are unknown here, and so is memcache. Start reading at [RedisCommand].
package io.cashew.protocol.redis;
