package io.cashew.protocol;

/// One client connection at one moment, for those who look at all of them.
///
/// @param tls whether it speaks TLS
/// @param descriptor the file descriptor of its socket, or -1 if that is not known
/// @param introduction what it has told about itself
/// @param ageNanos for how long it has been connected
/// @param idleNanos how long ago it was heard last
/// @param lastCommand its last command as the protocol's table calls it, or empty
/// @param unanswered its requests that are under way
/// @param inputBytes received bytes that are kept, because they are not yet a whole request or have to wait
/// @param outputBytes bytes of replies that wait to be sent
/// @param blocked whether a server has been asked to wait for data for it, or a request of it is held back by `CLIENT PAUSE`
/// @param leaving whether it is not read any more, and only gets what it is owed
public record ClientSnapshot(
        Client client,
        boolean tls,
        int descriptor,
        Introduction introduction,
        long ageNanos,
        long idleNanos,
        String lastCommand,
        int unanswered,
        long inputBytes,
        long outputBytes,
        boolean blocked,
        boolean leaving) {}
