/// The meters: what is counted, and how long it took.
///
/// Counters are plain fields, one set per worker, written by one event loop only and read by anybody who asks: a reading
/// may be a moment old and costs the road nothing. Names for the outside world are given where they are published.
package io.cashew.metrics;
