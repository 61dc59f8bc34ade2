package io.cashew.benchmark;

import static io.cashew.benchmark.Messages.MEMCACHE;
import static io.cashew.benchmark.Messages.REDIS;
import static io.cashew.benchmark.Messages.bulk;

import io.cashew.protocol.Protocol;
import io.cashew.protocol.ResponseDecoder;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What it costs to find the ends of all replies in what one read has brought.
public class ResponseDecoderBenchmark extends Microbenchmark {
    /// What has been received.
    public enum Received {
        OK(REDIS, "+OK\r\n"),
        BULK_64(REDIS, bulk(Messages.value(64))),
        SIXTEEN_BULKS_64(REDIS, bulk(Messages.value(64)).repeat(16)),
        ARRAY_100(REDIS, Messages.array(Collections.nCopies(100, Messages.value(64)))),
        MEMCACHE_STORED(MEMCACHE, "STORED\r\n"),
        MEMCACHE_VALUE_64(MEMCACHE, Messages.found(Messages.keys(1), Messages.value(64))),
        MEMCACHE_SIXTEEN_VALUES_64(MEMCACHE, Messages.found(Messages.keys(1), Messages.value(64)).repeat(16)),
        MEMCACHE_100_VALUES(MEMCACHE, Messages.found(Messages.keys(100), Messages.value(64)));

        final Protocol protocol;
        final String text;

        Received(Protocol protocol, String text) {
            this.protocol = protocol;
            this.text = text;
        }
    }

    @Param
    public Received received;

    private MemorySegment bytes;
    private ResponseDecoder decoder;

    @Setup
    public void receive() {
        bytes = Messages.received(received.text);
        decoder = received.protocol.responseDecoder(0);
    }

    @Benchmark
    public int decode() {
        int replies = 0;
        for (long at = 0; at < bytes.byteSize(); replies++) {
            at = decoder.decode(bytes, at, bytes.byteSize());
            if (at < 0) {
                throw new AssertionError("not decoded: " + received);
            }
        }
        return replies;
    }
}
