package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import io.cashew.protocol.SlowLog;
import io.cashew.protocol.SlowRequest;
import java.util.List;

/// The answer to `SLOWLOG GET` about a pool's own slow log, in
/// [Redis's format](https://redis.io/docs/latest/commands/slowlog-get/): six fields for each request, of which none says which
/// server it was.
final class SlowLogReply {
    private static final int UNASKED = 10;
    private static final int FIELDS = 6;
    private static final byte[] WRONG_COUNT = ReplyBuilder.error("ERR count should be greater than or equal to -1");

    private SlowLogReply() {}

    /// `SLOWLOG GET [count]`; -1 is all.
    static byte[] entries(SlowLog log, Request request) {
        if (request.wordCount() > 3) {
            return ReplyBuilder.error("ERR unknown subcommand or wrong number of arguments for '"
                    + RedisSession.shown(request, 1, RedisSession.SHOWN) + "'. Try SLOWLOG HELP.");
        }
        long count = request.wordCount() == 2 ? UNASKED : request.wordNumber(2);
        if (count < -1) {
            return WRONG_COUNT;
        }
        List<SlowRequest> slow = log.newest(count == -1 ? Integer.MAX_VALUE : (int) Math.min(count, Integer.MAX_VALUE));
        // The same in both dialects.
        var reply = new ReplyBuilder(Dialect.RESP2).array(slow.size());
        for (SlowRequest each : slow) {
            reply.array(FIELDS).integer(each.id()).integer(each.at().getEpochSecond()).integer(each.micros());
            reply.array(each.words().size());
            each.words().forEach(reply::string);
            reply.string(ClientLine.address(each.client())).string(each.clientName());
        }
        return reply.bytes();
    }
}
