package io.cashew.packaged;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.stream.LongStream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What the event loops of another process have allocated on its heap, asked through the attach API. The JVM keeps the count
/// per thread; what the asking itself allocates is counted for other threads.
final class EventLoopAllocation implements AutoCloseable {
    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final long[] eventLoops;

    private EventLoopAllocation(JMXConnector connector) throws IOException {
        this.connector = connector;
        threads = ManagementFactory.newPlatformMXBeanProxy(
                connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        eventLoops = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("vert.x-eventloop-thread-"))
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
        if (eventLoops.length == 0) {
            throw new AssertionError("no event loop among " + Arrays.toString(threads.getAllThreadIds()));
        }
    }

    /// Of the process `pid`, which has to be one of this user's and to have started its event loops.
    static EventLoopAllocation of(long pid) throws IOException, AttachNotSupportedException {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
        try {
            return new EventLoopAllocation(JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
        } finally {
            machine.detach();
        }
    }

    /// Since each of them started, all together.
    long bytes() {
        return LongStream.of(threads.getThreadAllocatedBytes(eventLoops)).sum();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
