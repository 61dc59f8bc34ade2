package io.cashew.config;

import java.nio.file.Path;
import java.util.Optional;

/// Who may use a Redis pool besides those who say its `password`, and how Cashew shows its servers who it is.
///
/// @param passwordFile       has the pool's passwords, one on each line, instead of `password`
/// @param usersFile          has the pool's users, as Redis's `aclfile` has them
/// @param serverUser         who Cashew is to the servers; empty for the user they have without one
/// @param serverPassword     given to servers; empty for the pool's password
/// @param serverPasswordFile has it on its first line, instead of `serverPassword`
public record AccessConfig(
        Optional<Path> passwordFile,
        Optional<Path> usersFile,
        Optional<String> serverUser,
        Optional<Secret> serverPassword,
        Optional<Path> serverPasswordFile) {
    /// What holds where nothing is configured.
    public static final AccessConfig NONE = new AccessConfig(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
