package io.cashew.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.WrittenBytes;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Broadcast;
import io.cashew.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private final List<String> heard = new ArrayList<>();
    private final List<Integer> gathered = new ArrayList<>();
    private final List<Gathering> done = new ArrayList<>();
    private final Gathering gathering = new Gathering(3, done::add);
    private boolean silent;
    private int unkept = -1;
    private long length = 3;
    private int released;

    private final Exchange exchange = new Exchange() {
        @Override
        public void onJoined(int tag, Gather gather) {
            var reply = new WrittenBytes();
            gather.join(reply);
            heard.add(tag + " joined " + reply.text().length());
        }

        @Override
        public void onAnswer(int tag, byte[] answer) {
            throw new AssertionError("nothing was asked that a server does not answer");
        }

        @Override
        public void onTold(int tag, byte[] messages) {
            throw new AssertionError("nothing was subscribed to");
        }

        @Override
        public void onMessage(Broadcast message, byte mark) {
            throw new AssertionError("nothing was subscribed to");
        }

        @Override
        public int lane() {
            return 0;
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
            if (part == unkept) {
                throw new OutOfMemoryError("as if");
            }
            gathered.add(part);
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void join(ByteSink out) {
            out.write(new byte[silent ? 0 : (int) length]);
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
        begin(9, 3);

        gathering.onResponse(gathering.call(2), new Frame());
        gathering.onResponse(gathering.call(0), new Frame());
        assertThat(heard).isEmpty();
        assertThat(done).isEmpty();
        gathering.onResponse(gathering.call(1), new Frame());

        assertThat(heard).containsExactly("9 joined 3");
        assertThat(gathered).containsExactly(2, 0, 1);
        assertThat(done).containsExactly(gathering);
    }

    @Test
    void theFailureOfTheFirstServerInOrderIsTold() {
        begin(9, 3);

        gathering.onFailure(gathering.call(2), Failure.SERVER_OVERLOADED);
        gathering.onFailure(gathering.call(1), Failure.SERVER_REFUSED);
        assertThat(heard).isEmpty();
        gathering.onResponse(gathering.call(0), new Frame());

        assertThat(heard).containsExactly("9 SERVER_REFUSED");
        assertThat(released).isEqualTo(1);
        assertThat(done).containsExactly(gathering);
    }

    @Test
    void whoWantsToHearNothingHearsNothingOfAFailure() {
        silent = true;
        begin(9, 1);

        gathering.onFailure(gathering.call(0), Failure.SERVER_REFUSED);

        assertThat(heard).containsExactly("9 joined 0");
        assertThat(released).isEqualTo(1);
    }

    @Test
    void whatCannotBeKeptFailsTheRequestAndNobodyElse() {
        unkept = 1;
        begin(9, 2);

        gathering.onResponse(gathering.call(1), new Frame());
        gathering.onResponse(gathering.call(0), new Frame());

        assertThat(heard).containsExactly("9 REPLY_TOO_LARGE");
        assertThat(released).isEqualTo(1);
    }

    @Test
    void aReplyThatNoBufferCouldHoldIsNotJoined() {
        length = Integer.MAX_VALUE;
        begin(9, 1);

        gathering.onResponse(gathering.call(0), new Frame());

        assertThat(heard).containsExactly("9 REPLY_TOO_LARGE");
        assertThat(released).isEqualTo(1);
    }

    @Test
    void anAnswerThatComesTooLateIsNobodys() {
        begin(9, 3);
        int early = gathering.call(0);
        int late = gathering.call(2);
        for (int part = 0; part < 3; part++) {
            gathering.onFailure(gathering.call(part), Failure.SERVER_TIMED_OUT);
        }
        gathering.onResponse(late, new Frame());
        begin(10, 2);

        gathering.onResponse(late, new Frame());
        gathering.onFailure(early, Failure.SERVER_RESET);
        gathering.onResponse(gathering.call(0), new Frame());
        assertThat(heard).containsExactly("9 SERVER_TIMED_OUT");
        gathering.onResponse(gathering.call(1), new Frame());

        assertThat(heard).containsExactly("9 SERVER_TIMED_OUT", "10 joined 3");
        assertThat(gathered).containsExactly(0, 1);
        assertThat(done).hasSize(2);
    }

    private void begin(int tag, int parts) {
        gathering.split().each(IntStream.range(0, parts).toArray(), 1);
        gathering.begin(exchange, tag, gather);
    }
}
