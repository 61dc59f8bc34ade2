package io.cashew.protocol.redis;

/// Why a pool does not serve a command, worded to follow "… is not supported by this pool: ".
record Refusal(String reason) {
    static final Refusal RUNNING = new Refusal("a connection that waits for a script hears nothing else; stop it on its server");
    static final Refusal DATABASES = new Refusal("databases of several servers cannot change places at one moment");
    static final Refusal PLACEMENT = new Refusal("where keys live is the pool's decision");
    static final Refusal REPLICATION = new Refusal("replicas belong to the servers themselves; connect to the server itself");
    static final Refusal INDEX = new Refusal("an index has the keys of one server only");
    static final Refusal ADMINISTRATION = new Refusal("servers are administered directly; connect to the server itself");
    static final Refusal SETTINGS =
            new Refusal("its settings are those of its configuration, and a server's are changed at the server itself");
    static final Refusal TRACKING = new Refusal("servers do not know which client read a key; turn client-side caching off, or"
            + " let what is cached expire");
    static final Refusal USERS = new Refusal("its users are set in the pool's configuration (users_file)");

    static Refusal refused(String reason) {
        return new Refusal(reason);
    }
}
