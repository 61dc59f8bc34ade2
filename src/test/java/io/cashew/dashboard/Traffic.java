package io.cashew.dashboard;

import io.cashew.fixture.RespClient;
import java.util.Random;

/// A client of the pool `sessions` that asks for one key again and again, and for many others now and then.
final class Traffic implements AutoCloseable {
    static final String HOT_KEY = "session:everybody";

    private final RespClient client = ShownPools.connect("sessions");
    private final Thread thread = Thread.ofVirtual().start(this::ask);
    private volatile boolean ended;

    private void ask() {
        // The same at every run
        var random = new Random(7);
        while (!ended) {
            String key = random.nextInt(10) < 6 ? HOT_KEY : "session:" + random.nextInt(10_000);
            client.call(random.nextInt(5) == 0 ? new String[] {"SET", key, "v"} : new String[] {"GET", key});
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
