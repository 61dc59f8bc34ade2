/// The wishes: what the user wrote, typed and checked.
///
/// Pools are written in a `nutcracker.yml` ([NutcrackerFile]) or under `cashew.pools` in Quarkus configuration
/// ([CashewConfig]); [ConfiguredPools] reads both into the one model [PoolConfig], or says everything that is wrong, at
/// once. The command line is [Options]. Nothing here opens a socket or knows a request; whoever runs a pool makes its
/// own settings from a [PoolConfig].
///
/// Start reading at [PoolConfig], then [PoolKey], which has one row per key in both spellings.
package io.cashew.config;
