package io.cashew.forwarding;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Split;
import io.cashew.server.Caller;
import io.cashew.transport.Frame;
import java.util.function.Consumer;

/// Waits for the parts of one split request and completes its exchange once, when all of them have answered or failed.
///
/// If parts fail, the client hears the failure of the first one in the pool's server order; what the other parts have done
/// is done.
///
/// Then it is used again, for another request. No call has the number of one of an earlier request, so that an answer that
/// came too late would find nobody.
final class Gathering implements Caller {
    /// As large as a buffer can be.
    private static final long REPLY_MAX = Integer.MAX_VALUE - 64;

    private static final int NOBODY = -1;

    private final Consumer<Gathering> whenDone;
    private final Split split;
    private Exchange exchange;
    private int tag;
    private Gather gather;
    /// The number of the call for part 0; numbers wrap around.
    private int firstCall;
    private int missing;
    private Failure failure;
    private int failedPart;

    /// For requests to at most `servers` servers; `whenDone` runs whenever one has been completed.
    Gathering(int servers, Consumer<Gathering> whenDone) {
        this.split = new Split(servers);
        this.whenDone = whenDone;
    }

    /// How the request is split, to be said before anything else.
    Split split() {
        return split;
    }

    /// The gather of the last request, or null.
    Gather spent() {
        return gather;
    }

    /// From now on answers to every part are waited for; each is to be called with the number that [#call(int)] gives it.
    void begin(Exchange exchange, int tag, Gather gather) {
        this.exchange = exchange;
        this.tag = tag;
        this.gather = gather;
        missing = split.parts();
        failure = null;
    }

    /// The number of the call for `part`.
    int call(int part) {
        return firstCall + part;
    }

    @Override
    public void onResponse(int call, Frame response) {
        int part = part(call);
        if (part == NOBODY) {
            return;
        }
        try {
            gather.part(part, response);
        } catch (RuntimeException | OutOfMemoryError tooMuch) {
            failed(part, Failure.REPLY_TOO_LARGE);
        }
        arrived();
    }

    @Override
    public boolean wants(int call, Frame begun) {
        int part = part(call);
        if (part == NOBODY || gather.wants(part, begun)) {
            return true;
        }
        arrived();
        return false;
    }

    @Override
    public void onFailure(int call, Failure reason) {
        int part = part(call);
        if (part != NOBODY) {
            failed(part, reason);
            arrived();
        }
    }

    /// Which part of the present request the call is for, or [#NOBODY].
    private int part(int call) {
        int part = call - firstCall;
        return part >= 0 && part < split.parts() ? part : NOBODY;
    }

    private void failed(int part, Failure reason) {
        if (failure == null || part < failedPart) {
            failedPart = part;
            failure = reason;
        }
    }

    private void arrived() {
        if (--missing > 0) {
            return;
        }
        if (failure == null && gather.length() > REPLY_MAX) {
            failure = Failure.REPLY_TOO_LARGE;
        }
        if (failure != null) {
            gather.release();
        }
        Exchange owed = exchange;
        exchange = null;
        firstCall += split.parts();
        if (failure == null || gather.silent()) {
            owed.onJoined(tag, gather);
        } else {
            owed.onFailure(tag, failure);
        }
        whenDone.accept(this);
    }
}
