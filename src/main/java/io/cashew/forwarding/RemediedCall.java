package io.cashew.forwarding;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Remedy;
import io.cashew.protocol.Request;
import io.cashew.server.Caller;
import io.cashew.server.ServerConnection;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A request that its server may refuse because it does not know what others know, such as a script. Then the server is told, and
/// asked again, once, over the same connection. But not when the client has asked for more meanwhile: that would be overtaken,
/// so it hears the refusal.
final class RemediedCall implements Caller {
    private static final int REMEDY = 0;
    private static final int AGAIN = 1;
    private static final int FIRST = 2;

    private final Protocol protocol;
    private final Exchange exchange;
    private final int tag;
    private final ServerConnection connection;
    private final String server;
    private final Remedy remedy;
    private final byte[] request;

    /// For a server with the ring name `server`.
    RemediedCall(
            Protocol protocol, Exchange exchange, int tag, String server, ServerConnection connection, Request request) {
        this.protocol = protocol;
        this.exchange = exchange;
        this.tag = tag;
        this.server = server;
        this.connection = connection;
        this.remedy = request.remedy();
        this.request = request.bytes().asSlice(request.start(), request.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Calls the server with the request, which lies in `frame`.
    void call(Frame frame) {
        connection.call(this, FIRST, frame);
    }

    @Override
    public void onResponse(int call, Frame response) {
        if (call == REMEDY) {
            return;
        }
        boolean curable = call == FIRST && protocol.wantsRemedy(response) && exchange.isLast(tag);
        List<byte[]> cures = curable ? remedy.at(server) : List.of();
        if (cures.isEmpty()) {
            exchange.onResponse(tag, response);
        } else {
            cures.forEach(cure -> connection.call(this, REMEDY, cure));
            connection.call(this, AGAIN, request);
        }
    }

    @Override
    public void onFailure(int call, Failure failure) {
        if (call != REMEDY) {
            exchange.onFailure(tag, failure);
        }
    }

    @Override
    public boolean passesOn() {
        return exchange.passesOn();
    }

    @Override
    public ByteSink onBegin(int call) {
        return exchange.onBegin(tag);
    }
}
