/// Tenancy: a named proxy assembled, started, drained.
///
/// [PoolAssembly] makes the plain objects of the road from what `config` says. A [Pool] has a [FrontSide], which lives as long as
/// it does, and a [BackSide], which a [PoolChange] replaces; a [PoolWorker] is its share of one event loop, and [Pools] starts and
/// stops them all. CDI begins here: [RunningPools] is what the rest of the application injects. The road does not know this room.
package io.cashew.pool;
