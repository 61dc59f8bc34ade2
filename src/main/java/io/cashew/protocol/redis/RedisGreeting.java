package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Greeting;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// What a Redis server hears before the first request: `AUTH` if the pool has a [ServerLogin], then `HELLO 3` if the lane's clients
/// speak RESP3, then `SELECT` if they use another database than 0.
///
/// twemproxy sends SELECT before AUTH and looks at neither reply, so that a pool with both settings silently writes to
/// database 0. Here the order is right, and a refusal ends the connection.
final class RedisGreeting implements Greeting {
    private enum Step {
        AUTH,
        HELLO,
        SELECT_OWN,
        SELECT_OTHER
    }

    private final OldServers oldServers;
    private final List<Step> steps = new ArrayList<>();
    private final ServerLogin login;
    private final byte[] behindLogin;

    private RedisGreeting(ServerLogin login, Lanes lanes, int lane, OldServers oldServers) {
        this.oldServers = oldServers;
        this.login = login;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        if (login.isNeeded()) {
            steps.add(Step.AUTH);
        }
        if (lanes.dialect(lane) == Dialect.RESP3) {
            steps.add(Step.HELLO);
            command(said, List.of("HELLO".getBytes(US_ASCII), "3".getBytes(US_ASCII)));
        }
        int database = lanes.database(lane);
        if (database > 0) {
            steps.add(database == lanes.own() ? Step.SELECT_OWN : Step.SELECT_OTHER);
            command(said, List.of("SELECT".getBytes(US_ASCII), Integer.toString(database).getBytes(US_ASCII)));
        }
        behindLogin = said.toByteArray();
    }

    /// What a new connection for `lane` says; `oldServers` hears of those that refuse RESP3.
    static Greeting of(ServerLogin login, Lanes lanes, int lane, OldServers oldServers) {
        RedisGreeting greeting = new RedisGreeting(login, lanes, lane, oldServers);
        return greeting.replies() == 0 ? Greeting.NONE : greeting;
    }

    @Override
    public byte[] bytes() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        if (login.isNeeded()) {
            command(said, login.words());
        }
        said.writeBytes(behindLogin);
        return said.toByteArray();
    }

    @Override
    public int replies() {
        return steps.size();
    }

    /// Only what is said because of the lane can be the lane's fault; a server that has no connection left refuses the first
    /// command, whatever that is.
    @Override
    public Failure refusal(int reply, MemorySegment bytes, long start, int length) {
        if (bytes.get(ValueLayout.JAVA_BYTE, start) != '-') {
            return null;
        }
        byte[] words = bytes.asSlice(start, Math.min(length, 64)).toArray(ValueLayout.JAVA_BYTE);
        String error = new String(words, US_ASCII);
        if (error.startsWith("-BUSY ") || error.startsWith("-LOADING ")) {
            return Failure.SERVER_UNABLE;
        }
        switch (steps.get(reply)) {
            case HELLO -> {
                if (error.startsWith("-NOPROTO") || error.startsWith("-ERR unknown command") || error.startsWith("-NOPERM")) {
                    oldServers.see();
                    return Failure.SERVER_LACKS_RESP3;
                }
            }
            case SELECT_OTHER -> {
                if (error.startsWith("-ERR DB index") || error.startsWith("-ERR SELECT") || error.startsWith("-NOPERM")) {
                    return Failure.SERVER_LACKS_DATABASE;
                }
            }
            case AUTH, SELECT_OWN -> {}
        }
        return Failure.SERVER_REFUSED_GREETING;
    }

    private static void command(ByteArrayOutputStream bytes, List<byte[]> words) {
        bytes.writeBytes(("*" + words.size() + "\r\n").getBytes(US_ASCII));
        for (byte[] word : words) {
            bytes.writeBytes(("$" + word.length + "\r\n").getBytes(US_ASCII));
            bytes.writeBytes(word);
            bytes.write('\r');
            bytes.write('\n');
        }
    }
}
