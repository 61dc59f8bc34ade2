package io.cashew.config;

/// A key of a pool whose value another configuration changes, as a person reads it.
///
/// @param key  as a nutcracker.yml calls it
/// @param from the value in force; of a secret only that there is one, and empty for none
/// @param to   the other one, likewise
/// @param live whether it can change while the pool runs
public record SettingChange(String key, String from, String to, boolean live) {}
