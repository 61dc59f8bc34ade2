package io.cashew.protocol;

import java.lang.foreign.MemorySegment;

/// What is said to a server before the first request of a new connection, and what it has to answer. Immutable, and shared
/// by all connections of a lane.
public interface Greeting {
    /// For servers that are spoken to without ceremony.
    Greeting NONE = new Greeting() {
        @Override
        public byte[] bytes() {
            return new byte[0];
        }

        @Override
        public int replies() {
            return 0;
        }

        @Override
        public Failure refusal(int reply, MemorySegment bytes, long start, int length) {
            throw new IllegalStateException("nothing has been said");
        }
    };

    /// What is sent, complete with framing. Not to be changed, and not to be shown: passwords are part of it.
    byte[] bytes();

    /// How many replies it asks for.
    int replies();

    /// Why the connection cannot be used if reply number `reply`, counted from 0, is the one of `length` bytes from `start`;
    /// null if it accepts.
    Failure refusal(int reply, MemorySegment bytes, long start, int length);
}
