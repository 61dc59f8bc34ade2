package io.cashew.forwarding;

import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Preface;
import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.cashew.server.Caller;
import io.cashew.server.ServerConnection;
import io.cashew.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One request of one client that every server answers when it has waited, each over a connection that nobody else uses meanwhile.
///
/// The first error, or failure, is the answer to the whole, and nothing waits any longer then: a server may have been asked to wait
/// for ever. Otherwise the answers are joined.
///
/// Belongs to the event loop of its client.
final class WaitEverywhere {
    private final PrivateLine line;
    private final Backing backing;
    private final Exchange exchange;
    private final int tag;
    private final Dialogue dialogue;
    private final List<Part> parts = new ArrayList<>();
    private Gather gather;
    private int missing;
    private boolean over;

    WaitEverywhere(PrivateLine line, Backing backing, Exchange exchange, int tag, Dialogue dialogue) {
        this.line = line;
        this.backing = backing;
        this.exchange = exchange;
        this.tag = tag;
        this.dialogue = dialogue;
    }

    /// Asks every server with `request`, which lies in `frame`.
    void begin(Request request, Frame frame) {
        Split split = new Split(backing.servers());
        split.each(backing.route().servers(), 1);
        gather = backing.protocol().gather(request, split, null);
        missing = split.parts();
        backing.waits(line);
        for (int part = 0; part < split.parts(); part++) {
            // In the first lane: what it is told is the same in all of them.
            ServerConnection connection = backing.privates().borrow(split.server(part), 0);
            if (connection == null) {
                fail(Failure.TOO_MANY_PRIVATE);
                return;
            }
            parts.add(new Part(part, connection));
        }
        long patience = dialogue.patience(request);
        for (int part = 0; part < parts.size() && !over; part++) {
            parts.get(part).ask(patience, frame);
        }
    }

    /// Ends it, for `reason`, of which the client hears.
    void fail(Failure reason) {
        if (!over) {
            end();
            exchange.onFailure(tag, reason);
            line.waitedEverywhere();
        }
    }

    /// The client is gone.
    void close() {
        end();
    }

    /// Has all servers wait no longer, and answer as if the time was up, or `withError`. `whether` hears whether one was waiting.
    void unblock(boolean withError, CompletableFuture<Boolean> whether) {
        List<CompletableFuture<Boolean>> each = parts.stream()
                .filter(part -> !part.returned)
                .map(part -> {
                    var waited = new CompletableFuture<Boolean>();
                    line.unblock(backing, part.connection, withError, waited);
                    return waited;
                })
                .toList();
        CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenRun(() -> whether.complete(each.stream().anyMatch(CompletableFuture::join)));
    }

    private void answered(int part, Frame response) {
        if (dialogue.isError(response)) {
            end();
            exchange.onResponse(tag, response);
            line.waitedEverywhere();
            return;
        }
        gather.part(part, response);
        if (--missing == 0) {
            over = true;
            backing.waitsNoMore(line);
            exchange.onJoined(tag, gather);
            line.waitedEverywhere();
        }
    }

    /// Whatever servers still do for it is in vain.
    private void end() {
        over = true;
        backing.waitsNoMore(line);
        gather.release();
        for (Part part : parts) {
            if (!part.returned) {
                part.returned = true;
                backing.privates().discard(part.connection, true);
            }
        }
    }

    /// What one server is asked, and answers.
    private final class Part implements Caller {
        private final int number;
        private final ServerConnection connection;
        private final Preface preface = dialogue.preface();
        private final int last = preface.requests().length;
        private boolean returned;

        private Part(int number, ServerConnection connection) {
            this.number = number;
            this.connection = connection;
        }

        private void ask(long patience, Frame frame) {
            backing.privates().letWait(connection, patience);
            line.identify(connection);
            for (int call = 0; call < last; call++) {
                connection.call(this, call, preface.requests()[call]);
            }
            connection.call(this, last, frame);
        }

        @Override
        public void onResponse(int call, Frame response) {
            if (over) {
                return;
            }
            if (call < last) {
                preface.hear(call, response);
                return;
            }
            returned = true;
            backing.privates().letWait(connection, 0);
            backing.privates().giveBack(connection);
            Failure doubt = dialogue.isError(response) ? null : preface.doubt();
            if (doubt == null) {
                answered(number, response);
            } else {
                fail(doubt);
            }
        }

        @Override
        public void onFailure(int call, Failure failure) {
            fail(failure);
        }
    }
}
