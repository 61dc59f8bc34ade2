package io.cashew.protocol.redis;

/// Which requests may share a server connection: those of one dialect and one database. A *lane* is a number for both, and
/// what travels in one needs server connections that have been told so.
///
/// ```
///   lane        0              1              2            3       …
///   database    the pool's own                another one
///   dialect     RESP2          RESP3          RESP2        RESP3
/// ```
///
/// @param own the number of the database in which clients begin
/// @param databases how many databases clients may select, from 0; 1 for none but the pool's own, whatever its number
public record Lanes(int own, int databases) {
    /// Connections are kept for each lane in use; more databases than this are a mistake.
    public static final int MOST_DATABASES = 256;

    private static final int DIALECTS = Dialect.values().length;

    public Lanes {
        if (own < 0) {
            throw new IllegalArgumentException("a database has a number from 0, not " + own);
        }
        if (databases < 1 || databases > MOST_DATABASES) {
            throw new IllegalArgumentException("a pool has 1 to " + MOST_DATABASES + " databases, not " + databases);
        }
        if (databases > 1 && own >= databases) {
            throw new IllegalArgumentException("the pool's own database " + own + " is not one of its " + databases);
        }
    }

    int count() {
        return databases * DIALECTS;
    }

    int lane(Dialect dialect, int database) {
        return swapped(database) * DIALECTS + dialect.ordinal();
    }

    Dialect dialect(int lane) {
        return lane % DIALECTS == Dialect.RESP2.ordinal() ? Dialect.RESP2 : Dialect.RESP3;
    }

    int database(int lane) {
        return swapped(lane / DIALECTS);
    }

    /// The database that a client means by `number`, or -1 if it may not have that. Where there is but one, libraries that
    /// select 0 when they connect mean it, too.
    int selected(long number) {
        if (databases == 1) {
            return number == 0 || number == own ? own : -1;
        }
        return number >= 0 && number < databases ? (int) number : -1;
    }

    /// As an error names them.
    @Override
    public String toString() {
        return databases == 1 ? "database " + own + " only" : "databases 0 to " + (databases - 1);
    }

    /// The pool's own database comes first, in exchange for 0.
    private int swapped(int number) {
        if (number == own) {
            return 0;
        }
        return number == 0 ? own : number;
    }
}
