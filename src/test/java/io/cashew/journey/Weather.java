package io.cashew.journey;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Fault;
import io.cashew.fixture.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Does to servers and to the connections to them, every few milliseconds, one of the things that happen. What it does
/// follows from its seed; when, from the clock.
final class Weather {
    private final Random random;
    private final List<RedisServer> servers;
    private final List<ChaosRelay> relays;
    private final List<Boolean> paused = new ArrayList<>();
    private final Map<String, Integer> count = new TreeMap<>();

    Weather(long seed, List<RedisServer> servers, List<ChaosRelay> relays) {
        this.random = new Random(seed);
        this.servers = servers;
        this.relays = relays;
        servers.forEach(_ -> paused.add(false));
    }

    /// Rages until `over` is counted down, then clears up.
    void rage(CountDownLatch over) throws InterruptedException {
        while (!over.await(3 + random.nextInt(25), TimeUnit.MILLISECONDS)) {
            happen(random.nextInt(servers.size()));
        }
        for (int server = 0; server < servers.size(); server++) {
            clear(server);
        }
    }

    /// What has happened, and how often.
    Map<String, Integer> count() {
        return count;
    }

    private void happen(int place) {
        int dice = random.nextInt(100);
        if (dice < 40) {
            Fault fault = Fault.random(random);
            note(fault.getClass().getSimpleName() + " now");
            relays.get(place).afflict(fault);
        } else if (dice < 50) {
            Fault fault = Fault.random(random);
            note(fault.getClass().getSimpleName() + " for new connections");
            relays.get(place).afflictNew(fault);
        } else if (dice < 56) {
            note("refused");
            relays.get(place).refuse();
        } else if (dice < 66) {
            note("stopped");
            servers.get(place).pause();
            paused.set(place, true);
        } else if (dice < 68) {
            note("restarted");
            servers.get(place).kill();
            paused.set(place, false);
            servers.get(place).restart();
        } else {
            note("cleared");
            clear(place);
        }
    }

    private void clear(int place) {
        relays.get(place).accept();
        relays.get(place).heal();
        if (paused.set(place, false)) {
            servers.get(place).resume();
        }
    }

    private void note(String what) {
        count.merge(what, 1, Integer::sum);
    }
}
