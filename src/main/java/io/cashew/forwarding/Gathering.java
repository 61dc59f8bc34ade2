package io.cashew.forwarding;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.server.Caller;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Waits for the parts of one split request and completes its exchange once, when all of them have answered or failed.
///
/// If parts fail, the client hears the failure of the first one in the pool's server order; what the other parts have done
/// is done.
final class Gathering implements Caller {
    private final Exchange exchange;
    private final int tag;
    private final Gather gather;
    private int missing;
    private Failure failure;
    private int failedPart = Integer.MAX_VALUE;

    Gathering(Exchange exchange, int tag, Gather gather, int parts) {
        this.exchange = exchange;
        this.tag = tag;
        this.gather = gather;
        this.missing = parts;
    }

    int client() {
        return exchange.client();
    }

    @Override
    public void onResponse(int part, Frame response) {
        gather.part(part, response);
        arrived();
    }

    @Override
    public void onFailure(int part, Failure reason) {
        if (part < failedPart) {
            failedPart = part;
            failure = reason;
        }
        arrived();
    }

    private void join() {
        ByteBuf reply;
        try {
            reply = gather.join();
        } catch (RuntimeException | OutOfMemoryError tooMuch) {
            gather.release();
            exchange.onFailure(tag, Failure.REPLY_TOO_LARGE);
            return;
        }
        exchange.onJoined(tag, reply);
    }

    private void arrived() {
        if (--missing > 0) {
            return;
        }
        if (failure == null) {
            join();
        } else {
            gather.release();
            if (gather.silent()) {
                exchange.onJoined(tag, Unpooled.EMPTY_BUFFER);
            } else {
                exchange.onFailure(tag, failure);
            }
        }
    }
}
