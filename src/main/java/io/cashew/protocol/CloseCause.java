package io.cashew.protocol;

import java.util.Locale;

/// Why Cashew ends a client's connection, or does not take it: the closed list. A client that leaves by itself is not in it.
public enum CloseCause {
    IDLE("said nothing for too long"),
    UNFINISHED("did not finish a TLS handshake or a request, or did not read its last answers, in time"),
    OUTPUT("let more bytes of replies wait than one client may"),
    SLOW_SUBSCRIBER("let more bytes of messages wait than one client may"),
    /// An error could not follow half a reply.
    CUT_OFF("had a part of a reply when the server failed that it came from"),
    MEMORY("made Cashew hold the most when memory was short"),
    TOO_MANY_CLIENTS("came when the pool had as many clients as it may"),
    NO_DESCRIPTORS("came when no file descriptor was left for clients"),
    MALFORMED("sent what is no request, or is larger than the limits allow"),
    /// Before the password little may be claimed ([Limits#STRANGER]).
    STRANGER("claimed more than one may who has not said the password"),
    HANDSHAKE("could not agree with Cashew on TLS, or did not trust it, or was not trusted"),
    NOT_TLS("does not speak TLS, as this port does"),
    HTTP("speaks HTTP"),
    TLS("speaks TLS"),
    SSH("speaks SSH"),
    PROXY_PROTOCOL("sends a PROXY protocol header"),
    REDIS("speaks Redis"),
    MEMCACHE("speaks memcached's text protocol"),
    MEMCACHE_BINARY("speaks memcached's binary protocol"),
    NOT_PERMITTED("may not hear any more what it has subscribed to"),
    KILLED("was told to go, by another client or by REST"),
    SHUTDOWN("was there, or came, when the pool stopped"),
    LOST("broke the connection off, so that reading or writing failed"),
    FAULT("met a mistake of Cashew's own");

    private final String deed;

    CloseCause(String deed) {
        this.deed = deed;
    }

    /// As metrics call it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What the client did, worded to follow "it ".
    public String deed() {
        return deed;
    }
}
