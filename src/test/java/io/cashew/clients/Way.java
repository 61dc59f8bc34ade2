package io.cashew.clients;

/// How a client speaks to a pool.
enum Way {
    RESP2(2, false),
    RESP2_TLS(2, true),
    RESP3(3, false),
    RESP3_TLS(3, true);

    private final int dialect;
    private final boolean tls;

    Way(int dialect, boolean tls) {
        this.dialect = dialect;
        this.tls = tls;
    }

    /// The version of RESP.
    int dialect() {
        return dialect;
    }

    boolean tls() {
        return tls;
    }
}
