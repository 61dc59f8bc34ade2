package io.cashew.benchmark;

import io.cashew.protocol.Gather;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Request;
import io.cashew.routing.Route;
import io.cashew.routing.Router;
import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.Shard;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What it costs to split a request with several keys by server, and to join the parts' answers. The servers are missing
/// here, and so is all that is done for each part however many keys it has.
public class MultipleKeysBenchmark extends Microbenchmark {
    private static final int SERVERS = 3;
    private static final int VALUE = 64;

    /// Whose requests these are.
    public enum Language {
        REDIS,
        MEMCACHE
    }

    @Param
    public Language language;

    @Param({"10", "100"})
    public int keys;

    private final Route route = new Route();
    private final Request request = new Request();
    private final Output output = new Output();
    private final Frame frame = new Frame();
    private final MemorySegment[] answers = new MemorySegment[SERVERS];
    private final int[] keysOfServer = new int[SERVERS];
    private Protocol protocol;
    private Router router;
    private int[] partOfKey;

    @Setup
    public void ask() {
        protocol = language == Language.REDIS ? Messages.REDIS : Messages.MEMCACHE;
        List<Shard> shards = IntStream.range(0, SERVERS).mapToObj(index -> new Shard("server" + index, 1)).toList();
        router = new Router(HashFunction.FNV1A_64, null, DistributionKind.KETAMA.build(shards, new BitSet()), SERVERS);
        List<String> names = Messages.keys(keys);
        MemorySegment bytes = Messages.received(
                language == Language.REDIS ? Messages.mget(names) : "get " + String.join(" ", names) + "\r\n");
        if (protocol.requestDecoder().decode(bytes, 0, bytes.byteSize(), request) != bytes.byteSize()
                || router.route(request, route) != Route.SCATTER) {
            throw new AssertionError("a request for keys on several servers");
        }
        partOfKey = IntStream.range(0, keys).map(key -> route.serverOfKey()[key]).toArray();
        answer(names);
    }

    private void answer(List<String> names) {
        for (int server = 0; server < SERVERS; server++) {
            var here = new ArrayList<String>();
            for (int key = 0; key < keys; key++) {
                if (partOfKey[key] == server) {
                    here.add(names.get(key));
                }
            }
            if (here.isEmpty()) {
                throw new AssertionError("no key on server " + server);
            }
            keysOfServer[server] = here.size();
            String value = Messages.value(VALUE);
            answers[server] = Messages.received(
                    language == Language.REDIS
                            ? Messages.array(here.stream().map(key -> value).toList())
                            : Messages.found(here, value));
        }
    }

    /// Finds every key's server and writes the part for each of them.
    @Benchmark
    public int split() {
        router.route(request, route);
        output.clear();
        int written = 0;
        for (int server = 0; server < SERVERS; server++) {
            written += protocol.writePart(request, route.serverOfKey(), server, keysOfServer[server], output);
        }
        return written;
    }

    /// Makes one answer of those of all parts.
    @Benchmark
    public int join() {
        Gather gather = protocol.gather(request, partOfKey, SERVERS);
        for (int part = 0; part < SERVERS; part++) {
            frame.place(answers[part], 0, (int) answers[part].byteSize(), null);
            gather.part(part, frame);
        }
        ByteBuf reply = gather.join();
        int length = reply.readableBytes();
        reply.release();
        return length;
    }

    /// Takes bytes as the output of a server connection does: one copy into memory that is there.
    private static final class Output implements ByteSink {
        private final MemorySegment memory = Arena.global().allocate(64 * 1024);
        private long used;

        void clear() {
            used = 0;
        }

        @Override
        public void write(MemorySegment source, long offset, int length) {
            MemorySegment.copy(source, offset, memory, used, length);
            used += length;
        }
    }
}
