package io.cashew.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the system has been told, read back from it.
class KeepAliveTest {
    private Channel channel;

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 10, 60, 61, 57_600})
    void theQuestionsEndWhenTheTimeIsUp(int seconds) {
        channel = new EpollSocketChannel();

        KeepAlive.within(Duration.ofSeconds(seconds)).watchClient(channel);

        int before = channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE);
        int between = channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL);
        int questions = channel.config().getOption(EpollChannelOption.TCP_KEEPCNT);
        assertThat(before + questions * between).isEqualTo(seconds);
        assertThat(((SocketChannel) channel).config().isKeepAlive()).isTrue();
    }

    @Test
    void unacknowledgedBytesEndTheConnectionToAServerAndNotThatToAClient() {
        channel = new EpollSocketChannel();

        KeepAlive.within(Duration.ofSeconds(60)).watchClient(channel);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isZero();

        KeepAlive.within(Duration.ofSeconds(60)).watchServer(channel);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(60_000);
    }

    @Test
    void withoutEpollTheTimesAreTheSame() {
        channel = new NioSocketChannel();

        KeepAlive.within(Duration.ofSeconds(60)).watchServer(channel);

        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE))).isEqualTo(30);
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL))).isEqualTo(10);
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT))).isEqualTo(3);
        assertThat(((SocketChannel) channel).config().isKeepAlive()).isTrue();
    }

    @Test
    void theSystemsTimesAreLeftAlone() {
        channel = new EpollSocketChannel();
        int before = channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE);

        KeepAlive.OF_SYSTEM.watchServer(channel);

        assertThat(((SocketChannel) channel).config().isKeepAlive()).isTrue();
        assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(before);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isZero();
    }

    @Test
    void whoIsNotToBeWatchedIsNot() {
        channel = new EpollSocketChannel();

        KeepAlive.NONE.watchServer(channel);

        assertThat(((SocketChannel) channel).config().isKeepAlive()).isFalse();
    }

    @Test
    void aUnixSocketNeedsNone() {
        channel = new EpollDomainSocketChannel();

        KeepAlive.within(Duration.ofSeconds(60)).watchServer(channel);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aConnectionThatHasEndedIsNoMishap() {
        channel = new EpollSocketChannel();
        channel.unsafe().closeForcibly();

        KeepAlive.within(Duration.ofSeconds(60)).watchServer(channel);

        assertThat(channel.isOpen()).isFalse();
    }
}
