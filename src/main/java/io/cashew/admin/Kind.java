package io.cashew.admin;

/// How a meter moves.
enum Kind {
    /// Up only, until the process ends.
    COUNTER,
    /// Up and down.
    GAUGE
}
