package io.cashew.config;

/// The two ways to write a pool. They differ in the names of keys, and in how some values are written.
enum Spelling {
    /// A nutcracker.yml: durations are milliseconds, `redis` is true or false.
    NUTCRACKER {
        @Override
        String key(String pool, PoolKey key) {
            return key.directive();
        }

        @Override
        String missing(String pool, PoolKey key) {
            // With a colon, as twemproxy says it
            return key.directive() + ":";
        }
    },

    /// Quarkus configuration: durations have units, `protocol` has a name.
    PROPERTIES {
        @Override
        String key(String pool, PoolKey key) {
            return CashewConfig.POOLS + ".\"" + pool + "\"." + key.property();
        }

        @Override
        String missing(String pool, PoolKey key) {
            return key(pool, key);
        }
    };

    /// How messages call a key of a pool.
    abstract String key(String pool, PoolKey key);

    /// How messages call a key that is needed and not there.
    abstract String missing(String pool, PoolKey key);
}
