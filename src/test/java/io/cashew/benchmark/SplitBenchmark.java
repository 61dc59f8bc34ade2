package io.cashew.benchmark;

import io.cashew.protocol.Gather;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.protocol.Split;
import io.cashew.routing.Route;
import io.cashew.routing.Router;
import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.Shard;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What MGET over three servers costs besides the system calls, step by step: each includes those before it.
public class SplitBenchmark extends Microbenchmark {
    private static final int SERVERS = 3;
    /// Many different requests, so that no branch predictor learns where keys go.
    private static final int REQUESTS = 256;

    @Param({"10", "100"})
    public int keys;

    private final Protocol protocol = Messages.REDIS;
    private final RequestDecoder requests = protocol.requestDecoder();
    private final ResponseDecoder responses = protocol.responseDecoder(0);
    private final Request request = new Request();
    private final Route route = new Route();
    private final Split split = new Split(SERVERS);
    private final Frame frame = new Frame();
    private final Written out = new Written();
    private final MemorySegment[] asked = new MemorySegment[REQUESTS];
    private MemorySegment answer;
    private Router router;
    private Gather gather;
    private int next;

    @Setup
    public void prepare() {
        List<Shard> shards = IntStream.range(0, SERVERS).mapToObj(index -> new Shard("10.0.0." + index + ":6379", 1)).toList();
        router = new Router(HashFunction.FNV1A_64, null, DistributionKind.KETAMA.build(shards, new BitSet()), SERVERS);
        var random = new Random(1);
        for (int i = 0; i < REQUESTS; i++) {
            var line = new StringBuilder("*" + (keys + 1) + "\r\n$4\r\nMGET\r\n");
            random.ints(keys, 0, 10_000).forEach(key -> line.append("$16\r\nkey:%012d\r\n".formatted(key)));
            asked[i] = Messages.received(line.toString());
        }
        answer = Messages.received(("$64\r\n" + "x".repeat(64) + "\r\n").repeat(keys));
    }

    @Benchmark
    public int decode() {
        MemorySegment bytes = asked[next++ & REQUESTS - 1];
        requests.decode(bytes, 0, bytes.byteSize(), request);
        return request.keyCount();
    }

    @Benchmark
    public int route() {
        return decode() + router.route(request, route);
    }

    @Benchmark
    public int write() {
        int sum = route();
        split.byServer(route.serverOfKey(), keys);
        out.length = 0;
        for (int part = 0; part < split.parts(); part++) {
            sum += protocol.writePart(request, split, part, out);
        }
        return sum;
    }

    @Benchmark
    public int join() {
        int sum = write();
        gather = protocol.gather(request, split, gather);
        for (int part = 0; part < split.parts(); part++) {
            MemorySegment reply = reply(split.endSlot(part) - split.firstSlot(part));
            long end = responses.decode(reply, 0, out.length);
            frame.place(reply, 0, (int) end, null);
            gather.part(part, frame);
        }
        out.length = 0;
        gather.join(out);
        return sum + out.length;
    }

    /// An array of as many values.
    private MemorySegment reply(int values) {
        out.length = 0;
        out.write(("*" + values + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(answer, 0, values * 71);
        return out.memory;
    }

    private static final class Written implements ByteSink {
        private final MemorySegment memory = Arena.global().allocate(64 * 1024);
        private int length;

        @Override
        public void write(MemorySegment source, long offset, int size) {
            MemorySegment.copy(source, offset, memory, length, size);
            length += size;
        }
    }
}
