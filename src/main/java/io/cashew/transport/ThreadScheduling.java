package io.cashew.transport;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// How Linux schedules one thread, and for how long it has let it run or wait. All methods belong to that thread.
final class ThreadScheduling {
    /// Nanoseconds of running, nanoseconds of waiting for a processor, number of times it ran: proc_pid_schedstat(5).
    private static final Path STATISTICS = Path.of("/proc/thread-self/schedstat");

    /// SCHED_OTHER
    private static final int NORMAL = 0;
    /// SCHED_BATCH
    private static final int BATCH = 3;

    private final MemorySegment policy = Arena.global().allocate(JAVA_INT);
    /// `struct sched_param`: one priority, which is 0 for both policies.
    private final MemorySegment parameters = Arena.global().allocate(JAVA_INT);

    /// Whether the system tells how long its threads wait.
    static boolean isKnown() {
        return Files.isReadable(STATISTICS);
    }

    /// Nanoseconds the thread has been running or waiting for a processor.
    long runnableNanos() {
        try {
            String[] numbers = Files.readString(STATISTICS).split(" ");
            return Long.parseLong(numbers[0]) + Long.parseLong(numbers[1]);
        } catch (IOException notToBeHad) {
            return 0;
        }
    }

    /// From now on the thread lets others finish their slice when it wakes; true if it does. False at first, because the
    /// functions are looked up meanwhile, on a thread of their own: it takes tens of milliseconds.
    boolean toBatch() {
        return change(NORMAL, BATCH);
    }

    /// The opposite of [#toBatch()].
    boolean toNormal() {
        return change(BATCH, NORMAL);
    }

    /// A policy that somebody else has chosen stays.
    private boolean change(int from, int to) {
        CompletableFuture<Functions> functions = Functions.LOOKED_UP;
        return functions.isDone() && !functions.isCompletedExceptionally()
                && functions.join().policy(policy, parameters) == from
                && functions.join().change(to, parameters);
    }

    /// Those of POSIX, which every C library of Linux has, while musl's `sched_setscheduler` always fails. Neither policy needs a
    /// privilege: sched(7).
    private record Functions(MethodHandle self, MethodHandle get, MethodHandle set) {
        static final CompletableFuture<Functions> LOOKED_UP = new CompletableFuture<>();

        static {
            Thread.ofPlatform().daemon().name("cashew-scheduling").start(Functions::lookUp);
        }

        private static void lookUp() {
            try {
                LOOKED_UP.complete(new Functions(
                        function("pthread_self", FunctionDescriptor.of(JAVA_LONG)),
                        function("pthread_getschedparam", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS)),
                        function("pthread_setschedparam", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS))));
            } catch (RuntimeException | LinkageError notToBeHad) {
                LOOKED_UP.completeExceptionally(notToBeHad);
            }
        }

        @SuppressWarnings("restricted")
        private static MethodHandle function(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
        }

        /// That of the calling thread, or -1.
        int policy(MemorySegment policy, MemorySegment parameters) {
            try {
                int error = (int) get.invokeExact((long) self.invokeExact(), policy, parameters);
                return error == 0 ? policy.get(JAVA_INT, 0) : -1;
            } catch (Throwable failure) {
                throw new IllegalStateException("functions of C do not throw", failure);
            }
        }

        /// Whether the calling thread has it now.
        boolean change(int policy, MemorySegment parameters) {
            try {
                return (int) set.invokeExact((long) self.invokeExact(), policy, parameters) == 0;
            } catch (Throwable failure) {
                throw new IllegalStateException("functions of C do not throw", failure);
            }
        }
    }
}
