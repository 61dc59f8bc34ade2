package io.cashew.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/// How a peer is noticed that is gone without a FIN or RST: its machine lost power, or a network between was cut.
///
/// When nothing is on its way, the system asks the peer for a sign of life after half of the time, and three times more
/// until the time is up; then the connection ends with an error. Without times of our own it first asks after two hours, on
/// Linux.
///
/// Bytes that are not acknowledged put these questions off. Towards servers TCP_USER_TIMEOUT bounds them as well. Not towards
/// clients: Linux also ends a connection whose peer is there, answers, and just does not read for so long, and a slow
/// reader is welcome. There the system's retransmissions are the bound (`net.ipv4.tcp_retries2`, a quarter of an hour).
///
/// @param seconds until a silent peer is given up; 0 for the system's times
public record KeepAlive(boolean enabled, int seconds) {
    /// Peers are not asked.
    public static final KeepAlive NONE = new KeepAlive(false, 0);

    /// Peers are asked when the system does so.
    public static final KeepAlive OF_SYSTEM = new KeepAlive(true, 0);

    private static final int QUESTIONS = 3;

    /// A silent peer is given up within `time`, to the second; at least four.
    public static KeepAlive within(Duration time) {
        return new KeepAlive(true, (int) time.toSeconds());
    }

    /// Watches the client at the other end of `channel`. A unix socket needs no watching.
    public void watchClient(Channel channel) {
        if (enabled && channel instanceof SocketChannel) {
            watch(channel);
        }
    }

    /// Watches the server at the other end of `channel`.
    public void watchServer(Channel channel) {
        watchClient(channel);
        if (seconds > 0 && channel instanceof EpollSocketChannel) {
            set(channel.config(), EpollChannelOption.TCP_USER_TIMEOUT, seconds * 1000);
        }
    }

    private void watch(Channel channel) {
        ChannelConfig config = channel.config();
        set(config, ChannelOption.SO_KEEPALIVE, true);
        if (seconds == 0) {
            return;
        }
        int between = Math.max(1, seconds / (2 * QUESTIONS));
        int before = seconds - QUESTIONS * between;
        if (channel instanceof EpollSocketChannel) {
            set(config, EpollChannelOption.TCP_KEEPIDLE, before);
            set(config, EpollChannelOption.TCP_KEEPINTVL, between);
            set(config, EpollChannelOption.TCP_KEEPCNT, QUESTIONS);
        } else {
            set(config, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), before);
            set(config, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), between);
            set(config, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), QUESTIONS);
        }
    }

    private static <T> void set(ChannelConfig config, ChannelOption<T> option, T value) {
        try {
            config.setOption(option, value);
        } catch (ChannelException | UnsupportedOperationException closedOrUnknownHere) {
            // A connection that has ended meanwhile needs no watching, and where the system has no such times its own hold.
        }
    }
}
