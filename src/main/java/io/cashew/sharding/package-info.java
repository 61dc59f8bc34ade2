/// Arithmetic: key → hash → server, with nothing but numbers, so it imports nothing but `java.*`.
///
/// Every result equals twemproxy 0.5's bit for bit, oddities included: its users' data lies where this arithmetic says.
/// What is odd is marked where it happens; the vectors under `src/test/resources/vectors` were measured from it.
///
/// A key is cut by a [HashTag], if the pool has one, made a number by a [HashFunction], and the number finds a shard in
/// a [Distribution], which a [DistributionKind] built. Whether to ask at all is decided in `routing`: a pool with one
/// server never hashes.
package io.cashew.sharding;
