/// Languages: what bytes mean, which commands there are, what can go wrong.
///
/// Here lives what both protocols share, as plain objects that know no socket and no event loop: a [Request] is one
/// client command lying in received bytes, a [Command] one row of a protocol's table, a [Session] what a client has told
/// us. `redis` and `memcache` have the same files under the same names and do not know each other.
package io.cashew.protocol;
