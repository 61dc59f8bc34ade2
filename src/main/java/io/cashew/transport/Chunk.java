package io.cashew.transport;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A piece of native memory that an [IoLoop] lends to an [Outlet] while the outlet has something to send.
final class Chunk {
    /// Replies to a client start small: a loop that answers a thousand clients in one iteration touches a thousand chunks.
    static final int SMALL = 2 * 1024;
    /// Requests to a server are gathered from many clients.
    static final int MEDIUM = 16 * 1024;
    /// As much as one send is given; beyond it a larger one saves no system call worth having.
    static final int LARGE = 64 * 1024;

    final MemorySegment memory;
    final long address;
    final int size;

    Chunk(int size) {
        // Chunks are pooled by their loop for the life of the process, so a confined or shared arena would only add checks.
        this.memory = Arena.global().allocate(size, 64);
        this.address = memory.address();
        this.size = size;
    }
}
