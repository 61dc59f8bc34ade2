package io.cashew.client;

import io.cashew.forwarding.Exchange;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Client;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Protocol;
import io.cashew.transport.Broadcast;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import java.lang.foreign.MemorySegment;
import org.jboss.logging.Logger;

/// What one client is owed: the answers to its requests, which come from servers in whatever order, and what it hears without
/// asking for it each time.
///
/// Messages are written between its replies. A client that does not read them is sent away like one that does not read its
/// replies.
final class ClientExchange implements Exchange {
    private static final Logger LOG = Logger.getLogger(ClientExchange.class);

    private final ClientConnection connection;
    private final Client client;
    private final ReplyQueue replies;
    private final Outlet outlet;
    private final FlowControl flow;
    private final PoolCounters counters;
    private final Outcomes outcomes;
    private final IoLoop loop;
    private final ByteSink stream = this::onPart;
    private Protocol protocol;
    private int lane;
    /// The client is about to be sent away, and takes no more messages.
    private boolean ending;

    ClientExchange(
            ClientConnection connection,
            Client client,
            Protocol protocol,
            ReplyQueue replies,
            Outlet outlet,
            FlowControl flow,
            Commons commons) {
        this.connection = connection;
        this.client = client;
        this.protocol = protocol;
        this.replies = replies;
        this.outlet = outlet;
        this.flow = flow;
        this.counters = commons.counters();
        this.outcomes = commons.outcomes();
        this.loop = commons.loop();
    }

    /// Failures are said in `protocol` from now on.
    void speak(Protocol protocol) {
        this.protocol = protocol;
    }

    /// Requests take this lane from now on.
    void lane(int lane) {
        this.lane = lane;
    }

    Client who() {
        return client;
    }

    /// What the client calls itself; empty if it has not said.
    String name() {
        return connection.name();
    }

    @Override
    public int lane() {
        return lane;
    }

    @Override
    public int client() {
        return client.id();
    }

    @Override
    public boolean isLast(int tag) {
        return replies.isLast(tag);
    }

    @Override
    public boolean passesOn() {
        return true;
    }

    @Override
    public ByteSink onBegin(int tag) {
        return connection.closed() || replies.begin(tag) ? stream : null;
    }

    /// The next part of a reply that is on its way through; nobody's, if the client has gone.
    private void onPart(MemorySegment bytes, long from, int length) {
        if (!connection.closed() && !replies.silent()) {
            try {
                outlet.write(bytes, from, length);
                connection.onProgress();
            } catch (RuntimeException | OutOfMemoryError failure) {
                cannotKeep(failure);
            }
        }
    }

    @Override
    public void onResponse(int tag, Frame response) {
        if (connection.closed()) {
            return;
        }
        try {
            replies.complete(tag, response);
            connection.onProgress();
        } catch (RuntimeException | OutOfMemoryError failure) {
            cannotKeep(failure);
        }
    }

    @Override
    public void onJoined(int tag, Gather gather) {
        if (connection.closed()) {
            gather.release();
            return;
        }
        try {
            replies.complete(tag, gather);
            connection.onProgress();
        } catch (RuntimeException | OutOfMemoryError failure) {
            gather.release();
            cannotKeep(failure);
        }
    }

    @Override
    public void onAnswer(int tag, byte[] answer) {
        if (!connection.closed()) {
            replies.complete(tag, answer);
            connection.onLineChanged();
        }
    }

    @Override
    public void onTold(int tag, byte[] messages) {
        if (!connection.closed()) {
            replies.tell(tag, messages);
            connection.onLineChanged();
        }
    }

    @Override
    public void onFailure(int tag, Failure failure) {
        counters.forwardErrors++;
        outcomes.fail(client, failure);
        if (!connection.closed() && replies.hasBegun(tag)) {
            // An error now would be taken for a part of the value.
            connection.close(CloseCause.CUT_OFF);
        } else if (!connection.closed()) {
            replies.complete(tag, protocol.sayFailure(failure));
            connection.onProgress();
        }
    }

    @Override
    public void onLineChanged() {
        connection.onLineChanged();
    }

    /// Others get the message, too, so that this client must not end before they have it.
    @Override
    public void onMessage(Broadcast message, byte mark) {
        if (!connection.open() || ending) {
            return;
        }
        try {
            replies.push(message, mark);
            if (flow.overrun()) {
                closeSoon(CloseCause.SLOW_SUBSCRIBER);
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOG.errorf(failure, "client %s ends because a message cannot be kept for it", client);
            closeSoon(CloseCause.FAULT);
        }
    }

    private void closeSoon(CloseCause why) {
        ending = true;
        loop.eventLoop().execute(() -> connection.close(why));
    }

    /// Whoever brings us a reply serves others, too; it is our trouble alone.
    private void cannotKeep(Throwable failure) {
        LOG.errorf(failure, "client %s ends because a reply cannot be kept for it", client);
        connection.close(CloseCause.FAULT);
    }
}
