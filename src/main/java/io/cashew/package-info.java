/// Cashew, a sharding proxy for Redis, Valkey and memcached.
///
/// Packages are stations on the road a request travels; `Cashew` at the root starts and stops the house.
///
/// ```
///   client                                                                              server
///   bytes ─▶ Decoder ─▶ Session ─▶ exchange ─▶ Router ─▶ route ─▶ Forwarder ─▶ call ─▶ bytes
///           (protocol) (protocol) (forwarding) (routing)         (forwarding) (server)
///                          │ "that I can answer"    │ refuse          │
///   bytes ◀─ reply queue ◀─┴──── exchange completes ◀┴──── Gather ◀───┴──── response ◀─ bytes
///           (client)            (forwarding)            (protocol)         (server)
/// ```
///
/// The road: `client` (front door), `protocol` (languages), `forwarding` (a request's journey), `routing` (which server,
/// or why none), `sharding` (key to hash to server), `server` (back door), all on `transport` (bytes and event loops).
/// The house around it: `config` (what the user wrote), `pool` (a proxy assembled and run), `admin` (REST and health),
/// `metrics` (what is counted), `dev` (what development mode brings along). The road knows nothing of the house.
///
/// Start reading at [io.cashew.forwarding].
package io.cashew;
