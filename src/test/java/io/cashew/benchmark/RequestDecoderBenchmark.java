package io.cashew.benchmark;

import static io.cashew.benchmark.Messages.MEMCACHE;
import static io.cashew.benchmark.Messages.REDIS;
import static io.cashew.benchmark.Messages.array;

import io.cashew.protocol.Protocol;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What it costs to find all commands in what one read has brought.
public class RequestDecoderBenchmark extends Microbenchmark {
    /// What has been received.
    public enum Received {
        GET(REDIS, array("GET", "key:000000000001")),
        SET_64(REDIS, array("SET", "key:000000000001", Messages.value(64))),
        SIXTEEN_GETS(REDIS, array("GET", "key:000000000001").repeat(16)),
        MGET_100(REDIS, Messages.mget(Messages.keys(100))),
        INLINE_GET(REDIS, "GET key:000000000001\r\n"),
        MEMCACHE_GET(MEMCACHE, "get key:000000000001\r\n"),
        MEMCACHE_SET_64(MEMCACHE, "set key:000000000001 0 0 64\r\n" + Messages.value(64) + "\r\n"),
        MEMCACHE_SIXTEEN_GETS(MEMCACHE, "get key:000000000001\r\n".repeat(16)),
        MEMCACHE_GET_100(MEMCACHE, "get " + String.join(" ", Messages.keys(100)) + "\r\n");

        final Protocol protocol;
        final String text;

        Received(Protocol protocol, String text) {
            this.protocol = protocol;
            this.text = text;
        }
    }

    @Param
    public Received received;

    private final Request request = new Request();
    private MemorySegment bytes;
    private RequestDecoder decoder;

    @Setup
    public void receive() {
        bytes = Messages.received(received.text);
        decoder = received.protocol.requestDecoder();
    }

    @Benchmark
    public int decode() {
        int words = 0;
        for (long at = 0; at < bytes.byteSize(); ) {
            at = decoder.decode(bytes, at, bytes.byteSize(), request);
            if (at < 0) {
                throw new AssertionError("not decoded: " + received);
            }
            words += request.wordCount();
        }
        return words;
    }
}
