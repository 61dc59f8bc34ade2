package io.cashew.admin;

import io.cashew.transport.IoLoop;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.function.LongSupplier;

/// What is published about the process, a row each, without labels: gauges all.
enum ProcessMeter {
    HELD("cashew.buffers.held.bytes", "What is held for connections now: bytes that wait to be sent or to become complete; "
            + "at cashew.limits.memory connections are ended",
            IoLoop::heldBytes),
    RESERVED("cashew.buffers.reserved.bytes", "What the pool of buffers has reserved, in use or not",
            () -> PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()),
    CHUNKS("cashew.chunks.bytes", "Chunks that connections are sent from, in use or in stock", IoLoop::chunkBytes),
    DIRECT_MAX("cashew.direct.memory.max.bytes", "How much memory outside the heap the JVM allows for all of it",
            PlatformDependent::maxDirectMemory);

    private final String meter;
    private final String meaning;
    private final LongSupplier reading;

    ProcessMeter(String meter, String meaning, LongSupplier reading) {
        this.meter = meter;
        this.meaning = meaning;
        this.reading = reading;
    }

    /// The meter's name as Micrometer writes names.
    String meter() {
        return meter;
    }

    /// In words, without a full stop.
    String meaning() {
        return meaning;
    }

    double read() {
        return reading.getAsLong();
    }
}
