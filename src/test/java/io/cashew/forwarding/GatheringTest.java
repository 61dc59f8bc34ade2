package io.cashew.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private final List<String> heard = new ArrayList<>();
    private final List<Integer> gathered = new ArrayList<>();
    private boolean silent;
    private int released;

    private final Exchange exchange = new Exchange() {
        @Override
        public void onJoined(int tag, ByteBuf reply) {
            heard.add(tag + " joined " + reply.readableBytes());
        }

        @Override
        public int client() {
            return 5;
        }

        @Override
        public void onResponse(int tag, Frame response) {
            heard.add(tag + " response");
        }

        @Override
        public void onFailure(int tag, Failure failure) {
            heard.add(tag + " " + failure);
        }
    };

    private final Gather gather = new Gather() {
        @Override
        public void part(int part, Frame response) {
            gathered.add(part);
        }

        @Override
        public ByteBuf join() {
            return Unpooled.wrappedBuffer(new byte[3]);
        }

        @Override
        public boolean silent() {
            return silent;
        }

        @Override
        public void release() {
            released++;
        }
    };

    @Test
    void theExchangeIsCompletedWhenTheLastPartHasAnswered() {
        var gathering = new Gathering(exchange, 9, gather, 3);

        gathering.onResponse(2, new Frame());
        gathering.onResponse(0, new Frame());
        assertThat(heard).isEmpty();
        gathering.onResponse(1, new Frame());

        assertThat(heard).containsExactly("9 joined 3");
        assertThat(gathered).containsExactly(2, 0, 1);
        assertThat(gathering.client()).isEqualTo(5);
    }

    @Test
    void theFailureOfTheFirstServerInOrderIsTold() {
        var gathering = new Gathering(exchange, 9, gather, 3);

        gathering.onFailure(2, Failure.SERVER_OVERLOADED);
        gathering.onFailure(1, Failure.SERVER_REFUSED);
        assertThat(heard).isEmpty();
        gathering.onResponse(0, new Frame());

        assertThat(heard).containsExactly("9 SERVER_REFUSED");
        assertThat(released).isEqualTo(1);
    }

    @Test
    void whoWantsToHearNothingHearsNothingOfAFailure() {
        silent = true;
        var gathering = new Gathering(exchange, 9, gather, 1);

        gathering.onFailure(0, Failure.SERVER_REFUSED);

        assertThat(heard).containsExactly("9 joined 0");
        assertThat(released).isEqualTo(1);
    }
}
