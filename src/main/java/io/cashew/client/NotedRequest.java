package io.cashew.client;

import io.cashew.forwarding.Exchange;
import io.cashew.protocol.Client;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Request;
import io.cashew.transport.Broadcast;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;

/// A request of which is noted how long its answer takes. It stands between the client's exchange and whoever answers, and
/// is used again for another request when it has been completed.
final class NotedRequest implements Exchange {
    private final Journal journal;
    private final RequestWords words = new RequestWords();
    private ClientExchange exchange;
    private long since;
    private String command;
    private String server;
    private boolean timed;
    private boolean sampled;
    private byte[] key;

    NotedRequest(Journal journal) {
        this.journal = journal;
    }

    RequestWords words() {
        return words;
    }

    /// `request` of `exchange` has been read at `now`; it may turn out to be slow, its words having been copied, if it is `timed`,
    /// and is `sampled` for the access log, which shows `key`, or null.
    void begin(ClientExchange exchange, Request request, long now, boolean timed, boolean sampled, byte[] key) {
        this.exchange = exchange;
        this.since = now;
        this.command = request.command().label();
        this.server = null;
        this.timed = timed;
        this.sampled = sampled;
        this.key = key;
    }

    Client who() {
        return exchange.who();
    }

    String clientName() {
        return exchange.name();
    }

    long since() {
        return since;
    }

    String command() {
        return command;
    }

    /// Null if several servers were asked, or none.
    String server() {
        return server;
    }

    boolean timed() {
        return timed;
    }

    boolean sampled() {
        return sampled;
    }

    /// Null if the access log is to show none.
    byte[] key() {
        return key;
    }

    @Override
    public void onChosen(String server) {
        this.server = server;
    }

    @Override
    public void onResponse(int tag, Frame response) {
        journal.ended(this, null);
        done().onResponse(tag, response);
    }

    @Override
    public void onJoined(int tag, Gather gather) {
        journal.ended(this, null);
        done().onJoined(tag, gather);
    }

    @Override
    public void onAnswer(int tag, byte[] answer) {
        journal.ended(this, null);
        done().onAnswer(tag, answer);
    }

    @Override
    public void onFailure(int tag, Failure failure) {
        journal.ended(this, failure);
        done().onFailure(tag, failure);
    }

    /// Whose request it was.
    private ClientExchange done() {
        ClientExchange owed = exchange;
        exchange = null;
        journal.takeBack(this);
        return owed;
    }

    @Override
    public boolean passesOn() {
        return exchange.passesOn();
    }

    @Override
    public ByteSink onBegin(int tag) {
        return exchange.onBegin(tag);
    }

    @Override
    public int lane() {
        return exchange.lane();
    }

    @Override
    public int client() {
        return exchange.client();
    }

    @Override
    public boolean isLast(int tag) {
        return exchange.isLast(tag);
    }

    @Override
    public void onTold(int tag, byte[] messages) {
        journal.ended(this, null);
        done().onTold(tag, messages);
    }

    @Override
    public void onMessage(Broadcast message, byte mark) {
        exchange.onMessage(message, mark);
    }

    @Override
    public void onLineChanged() {
        exchange.onLineChanged();
    }
}
