/// What things cost: benchmarks of parts, compiled with every build and run on demand by [Microbenchmarks], and what clients
/// see of every kind of failure, measured by [FaultMatrix].
package io.cashew.benchmark;
