package io.cashew.forwarding;

import io.cashew.protocol.Failure;
import io.cashew.server.Backends;
import io.cashew.server.Caller;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Asks several servers the same and takes what comes in time: for answers that do without a server that is down or busy.
///
/// Belongs to one event loop.
public final class Survey implements Caller {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Longer replies are not worth their memory.
    private static final int LONGEST_REPLY = 1024 * 1024;

    private static final String SILENT = "did not answer in time";
    private static final String TOO_LONG = "answered too much";

    /// What has become of the question to one server: its reply, with all its framing, or else why there is none.
    public record Answer(byte[] reply, String absence) {}

    private final Answer[] answers;
    private final CompletableFuture<List<Answer>> outcome = new CompletableFuture<>();
    private int missing;

    private Survey(int servers) {
        answers = new Answer[servers];
        missing = servers;
    }

    /// Asks `servers` what `request` says, complete with framing, over the connections of lane 0 in `backends`. The answers are
    /// in the order of `servers`, and come after a second at the latest.
    public static CompletableFuture<List<Answer>> of(int[] servers, byte[] request, Backends backends, IoLoop loop) {
        Survey survey = new Survey(servers.length);
        for (int i = 0; i < servers.length; i++) {
            backends.connection(servers[i], 0, 0).call(survey, i, request);
        }
        if (servers.length == 0) {
            survey.end();
        } else {
            loop.schedule(survey::end, PATIENCE_NANOS);
        }
        return survey.outcome;
    }

    @Override
    public void onResponse(int server, Frame response) {
        if (response.length() > LONGEST_REPLY) {
            answered(server, new Answer(null, TOO_LONG));
        } else {
            ByteBuf reply = response.take();
            answered(server, new Answer(ByteBufUtil.getBytes(reply), null));
            reply.release();
        }
    }

    @Override
    public void onFailure(int server, Failure failure) {
        answered(server, new Answer(null, failure.text()));
    }

    private void answered(int server, Answer answer) {
        answers[server] = answer;
        if (--missing == 0) {
            end();
        }
    }

    private void end() {
        if (!outcome.isDone()) {
            for (int server = 0; server < answers.length; server++) {
                if (answers[server] == null) {
                    answers[server] = new Answer(null, SILENT);
                }
            }
            outcome.complete(List.of(answers));
        }
    }
}
