package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Bytes from several places that one system call sends: an array of `struct iovec { void *base; size_t length; }`.
final class Vector {
    /// A megabyte in chunks, and what stands before and behind it.
    private static final int PLACES = 24;

    private static final AddressLayout BASE = ValueLayout.ADDRESS;
    private static final long STRIDE = MemoryLayout.structLayout(BASE, BASE).byteSize();

    private final MemorySegment places = Arena.global().allocate(STRIDE * PLACES, BASE.byteAlignment());
    private int count;
    private long size;

    void clear() {
        count = 0;
        size = 0;
    }

    /// Bytes in all places.
    long size() {
        return size;
    }

    /// Whether there was a place left.
    boolean add(long address, long length) {
        if (count == PLACES) {
            return false;
        }
        places.set(BASE, count * STRIDE, MemorySegment.ofAddress(address));
        places.set(BASE, count * STRIDE + BASE.byteSize(), MemorySegment.ofAddress(length));
        count++;
        size += length;
        return true;
    }

    /// Adds what can be read from `buffer`, unless that is on the heap, which system calls do not read.
    boolean add(ByteBuf buffer) {
        return buffer.isDirect() && add(addressOf(buffer), buffer.readableBytes());
    }

    private static long addressOf(ByteBuf buffer) {
        return buffer.hasMemoryAddress()
                ? buffer.memoryAddress() + buffer.readerIndex()
                : MemorySegment.ofBuffer(buffer.nioBuffer()).address();
    }

    /// Gives everything to the kernel and returns how much of it that has taken.
    long send(FileDescriptor descriptor) throws IOException {
        return descriptor.writevAddresses(places.address(), count);
    }
}
