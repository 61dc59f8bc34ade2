package io.cashew.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Failure;
import io.cashew.transport.Frame;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallQueueTest {
    private record Call(Caller caller, int tag, int length, long since) {}

    private static final class Nobody implements Caller {
        @Override
        public void onResponse(int tag, Frame response) {}

        @Override
        public void onFailure(int tag, Failure failure) {}
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void callsComeOutAsTheyWentIn(long seed) {
        var random = new SplittableRandom(seed);
        var queue = new CallQueue();
        var model = new ArrayDeque<Call>();
        int largest = 0;
        for (int step = 0; step < 50_000; step++) {
            // Near full and near empty in turn, so that it grows in every position of its ring.
            if (random.nextInt(100) < (step / 1000 % 2 == 0 ? 53 : 47)) {
                var call = new Call(new Nobody(), random.nextInt(), random.nextInt(1 << 30), random.nextLong());
                queue.add(call.caller, call.tag, call.length, call.since);
                model.add(call);
            } else if (!model.isEmpty()) {
                var call = model.remove();
                assertThat(queue.oldest()).isEqualTo(call.since);
                assertThat(queue.headTag()).isEqualTo(call.tag);
                assertThat(queue.remove()).isSameAs(call.caller);
            }
            assertThat(queue.size()).isEqualTo(model.size());
            if (step % 100 == 0) {
                int cut = model.size() / 3;
                assertThat(queue.bytes(0, cut)).isEqualTo(model.stream().limit(cut).mapToLong(Call::length).sum());
                assertThat(queue.bytes(cut, model.size())).isEqualTo(model.stream().skip(cut).mapToLong(Call::length).sum());
            }
            largest = Math.max(largest, model.size());
        }
        assertThat(largest).isGreaterThan(32);
    }
}
