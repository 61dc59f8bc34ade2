package io.cashew.config;

import java.util.OptionalInt;

/// Reads `host:port:weight [name]` or `/path:weight [name]`, split from the right, so that a host may contain colons.
final class ServerReader {
    static final String ALLOWED = "for example 10.0.0.1:6379:1, \"10.0.0.1:6379:1 cache-a\" or /run/redis.sock:1";

    /// memcached's port is not part of a ring name, as in libmemcached.
    private static final int UNNAMED_PORT = 11211;

    private static final String WEIGHT = "a weight is 1 to " + Integer.MAX_VALUE
            + ", and a name behind it has one space before it and none inside";

    private ServerReader() {}

    static Parsed<ServerConfig> read(String text) {
        int space = text.lastIndexOf(' ');
        boolean named = space >= 0;
        String name = text.substring(space + 1);
        String place = named ? text.substring(0, space) : text;
        boolean unix = text.startsWith("/");

        int weightColon = place.lastIndexOf(':');
        int portColon = unix ? weightColon : place.lastIndexOf(':', weightColon - 1);
        if (weightColon <= 0 || portColon <= 0) {
            return bad("has an invalid \"hostname:port:weight [name]\"or \"/path/unix_socket:weight [name]\" format string",
                    ALLOWED);
        }
        OptionalInt weight = Digits.number(place.substring(weightColon + 1));
        if (weight.isEmpty()) {
            return bad("has an invalid weight in \"hostname:port:weight [name]\" format string", WEIGHT);
        }
        if (weight.getAsInt() == 0) {
            return bad("has a zero weight in \"hostname:port:weight [name]\" format string", WEIGHT);
        }
        if (unix) {
            String path = place.substring(0, weightColon);
            if (path.indexOf(':') >= 0) {
                return bad("has an invalid \"hostname:port:weight [name]\"or \"/path/unix_socket:weight [name]\" format string",
                        "the path of a socket has no colon");
            }
            if (ListenReader.tooLongForSocket(path)) {
                return bad("has an invalid value", ListenReader.SOCKET_LENGTH);
            }
            return good(named ? name : path + ":", named, new ServerAddress.UnixSocket(path), weight.getAsInt());
        }
        String writtenPort = place.substring(portColon + 1, weightColon);
        OptionalInt port = Digits.port(writtenPort);
        if (port.isEmpty()) {
            return bad("has an invalid port in \"hostname:port:weight [name]\" format string", "a port is 1 to 65535");
        }
        String host = place.substring(0, portColon);
        // The port as it was written: a leading zero moves keys
        String ringName = port.getAsInt() == UNNAMED_PORT ? host : host + ":" + writtenPort;
        return good(named ? name : ringName, named, new ServerAddress.Tcp(host, port.getAsInt()), weight.getAsInt());
    }

    private static Parsed<ServerConfig> good(String name, boolean named, ServerAddress address, int weight) {
        return new Parsed.Good<>(new ServerConfig(name, named, address, weight));
    }

    private static Parsed<ServerConfig> bad(String reason, String allowed) {
        return new Parsed.Bad<>(reason, allowed);
    }
}
