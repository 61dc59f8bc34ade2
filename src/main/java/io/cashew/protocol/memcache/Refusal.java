package io.cashew.protocol.memcache;

/// Why a pool does not serve a command, worded to follow "… is not supported by this pool: ".
record Refusal(String reason) {
    static final Refusal ADMINISTRATION = new Refusal("servers are administered directly");
    static final Refusal STREAM = new Refusal("it would take a server connection that clients share");
}
