/// Tenancy: a named proxy assembled, started, drained.
///
/// [PoolAssembly] makes the plain objects of the road from what `config` says; a [Pool] owns what lives as long as its
/// configuration, a [PoolWorker] its share of one event loop, and [Pools] starts and stops them all. CDI begins here:
/// [RunningPools] is what the rest of the application injects. The road does not know this room.
package io.cashew.pool;
