package io.cashew.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A real connection: an [Inlet] and an [Outlet] on an event loop at one end, a blocking socket at the other.
///
/// The language spoken is a length of four bytes, as many bytes behind it, and a full stop.
final class Loopback implements AutoCloseable {
    enum Transport {
        EPOLL,
        NIO
    }

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final EventLoopGroup group;
    private long allocations;
    final EventLoop eventLoop;
    final Socket peer;
    IoLoop loop;
    Channel channel;
    Side side;

    private Loopback(Transport transport, int sendBuffer, boolean open) throws Exception {
        group = transport == Transport.EPOLL ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
        eventLoop = group.next();
        onLoop(() -> {
            loop = IoLoop.of(eventLoop);
            allocations = allocations();
            return null;
        });
        try (var listener = new ServerSocket()) {
            listener.setReceiveBufferSize(8 * 1024);
            listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            side = new Side();
            var bootstrap = new Bootstrap()
                    .group(group)
                    .channel(transport == Transport.EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .handler(side);
            if (sendBuffer > 0) {
                bootstrap.option(ChannelOption.SO_SNDBUF, sendBuffer);
            }
            side.openAtOnce = open;
            channel = bootstrap.connect(listener.getLocalSocketAddress()).sync().channel();
            peer = listener.accept();
            peer.setTcpNoDelay(true);
        }
    }

    static Loopback open(Transport transport) throws Exception {
        return new Loopback(transport, 0, true);
    }

    static Loopback open(Transport transport, int sendBuffer) throws Exception {
        return new Loopback(transport, sendBuffer, true);
    }

    static Loopback unopened(Transport transport) throws Exception {
        return new Loopback(transport, 0, false);
    }

    <T> T onLoop(Callable<T> task) throws Exception {
        return eventLoop.submit(task).get(10, TimeUnit.SECONDS);
    }

    /// Runs `task` in one go on the loop; an iteration ends behind it.
    void run(Task task) throws Exception {
        onLoop(() -> {
            task.run();
            return null;
        });
    }

    interface Task {
        void run() throws Exception;
    }

    /// Whether every chunk the loop has lent is back, and every buffer released. Loops of earlier tests that end meanwhile
    /// may release theirs.
    boolean nothingIsHeld() throws Exception {
        return onLoop(() -> {
            // What is kept for the next allocation counts as allocated; twice, because the first time spares what is in use.
            PooledByteBufAllocator.DEFAULT.trimCurrentThreadCache();
            PooledByteBufAllocator.DEFAULT.trimCurrentThreadCache();
            return loop.lentChunks() == 0 && loop.receiveBuffer().refCnt() == 1;
        }) && allocations() <= allocations;
    }

    private static long allocations() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }

    @Override
    public void close() throws Exception {
        peer.close();
        channel.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    /// The end on the event loop. Records what happens; `onMessage` sees every message.
    final class Side extends ChannelInboundHandlerAdapter implements Inlet.Reader, Incomplete, Outlet.Owner {
        final List<byte[]> received = new ArrayList<>();
        volatile int messages;
        volatile int sentCalls;
        volatile IOException failure;
        volatile boolean inactive;
        volatile boolean ended;
        volatile Throwable broken;
        int messagesAtEnd;
        boolean openAtOnce;
        /// Whether a message may be cut.
        boolean opaque = true;
        int cuts;
        Consumer<Frame> onMessage = frame -> {};
        Inlet inlet;
        Outlet outlet;
        private ChannelHandlerContext context;
        private final Frame frame = new Frame();
        private long missing;
        private int length;
        private int cut;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            this.context = context;
            inlet = new Inlet(loop, context.channel(), this);
            outlet = new Outlet(loop, false, this);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (openAtOnce) {
                open();
            }
        }

        void open() {
            outlet.open(context);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            inlet.received((ByteBuf) message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                inlet.end(() -> {
                    messagesAtEnd = messages;
                    ended = true;
                });
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            broken = cause;
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            inlet.close();
            outlet.close();
            inactive = true;
        }

        @Override
        public long read(MemorySegment bytes, long from, long to) {
            long at = from;
            missing = 0;
            while (!inlet.paused() && to - at >= 4) {
                length = bytes.get(LENGTH, at);
                long end = at + 4 + length - cut + 1;
                if (to < end) {
                    missing = end - to;
                    break;
                }
                frame.place(bytes, at, (int) (end - at), inlet);
                cut = 0;
                ByteBuf whole = frame.take();
                received.add(ByteBufUtil.getBytes(whole, whole.readerIndex() + 4, whole.readableBytes() - 5));
                whole.release();
                at = end;
                onMessage.accept(frame);
                messages++;
            }
            return at;
        }

        @Override
        public Incomplete incomplete() {
            return this;
        }

        @Override
        public long missing() {
            return missing;
        }

        @Override
        public int opaque() {
            return opaque && missing > 0 && cut == 0 ? length : 0;
        }

        @Override
        public int opaqueAt() {
            return 4;
        }

        @Override
        public void cutOut() {
            cut = length;
            missing = 0;
            cuts++;
        }

        @Override
        public void sent() {
            sentCalls++;
        }

        @Override
        public void sendFailed(IOException cause) {
            failure = cause;
        }
    }
}
