package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Request;

/// What a client calls itself, and the library it uses.
final class ClientNames {
    /// What such names are called in errors.
    static final String CLIENT_NAMES = "Client names";

    private static final byte[] OK = ReplyBuilder.status("OK");

    /// The longest name a client may have, in bytes; it is kept as long as the connection.
    private static final int LONGEST_NAME = 1024;

    private static final byte[] NAMELESS = {};

    private byte[] name = NAMELESS;
    private byte[] libraryName = NAMELESS;
    private byte[] libraryVersion = NAMELESS;

    String name() {
        return new String(name, ISO_8859_1);
    }

    String libraryName() {
        return new String(libraryName, ISO_8859_1);
    }

    String libraryVersion() {
        return new String(libraryVersion, ISO_8859_1);
    }

    /// The client has no name any more; its library stays.
    void forgetName() {
        name = NAMELESS;
    }

    /// The answer to `CLIENT GETNAME`.
    byte[] told(Dialect dialect) {
        return name.length == 0 ? ReplyBuilder.nothing(dialect) : ReplyBuilder.bulk(name);
    }

    /// Takes word `word` of `request` as the client's name: `OK`, or why not.
    byte[] setName(Request request, int word) {
        byte[] refusal = refusal(request, word, CLIENT_NAMES);
        if (refusal != null) {
            return refusal;
        }
        name = request.word(word);
        return OK;
    }

    /// `CLIENT SETINFO`.
    byte[] setLibrary(Request request) {
        if (request.wordIs(2, "lib-name")) {
            byte[] refusal = refusal(request, 3, "lib-name");
            if (refusal == null) {
                libraryName = request.word(3);
            }
            return refusal == null ? OK : refusal;
        }
        if (request.wordIs(2, "lib-ver")) {
            byte[] refusal = refusal(request, 3, "lib-ver");
            if (refusal == null) {
                libraryVersion = request.word(3);
            }
            return refusal == null ? OK : refusal;
        }
        return ReplyBuilder.error("ERR Unrecognized option '" + RedisSession.shown(request, 2, RedisSession.SHOWN) + "'");
    }

    /// Null if the word will do as a name of `what`.
    static byte[] refusal(Request request, int word, String what) {
        if (request.wordLength(word) > LONGEST_NAME) {
            return ReplyBuilder.error("ERR " + what + " cannot be longer than " + LONGEST_NAME + " bytes.");
        }
        for (int i = 0; i < request.wordLength(word); i++) {
            byte b = request.wordByte(word, i);
            if (b < '!' || b > '~') {
                return ReplyBuilder.error(
                        "ERR " + what + " cannot contain spaces, newlines or special characters.");
            }
        }
        return null;
    }
}
