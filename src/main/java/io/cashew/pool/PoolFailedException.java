package io.cashew.pool;

/// A pool cannot be started. The message names the pool, what is wrong, and where there is one the remedy.
public final class PoolFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PoolFailedException(String pool, String problem) {
        super("pool '" + pool + "': " + problem);
    }

    PoolFailedException(String pool, String problem, Throwable cause) {
        super("pool '" + pool + "': " + problem, cause);
    }
}
