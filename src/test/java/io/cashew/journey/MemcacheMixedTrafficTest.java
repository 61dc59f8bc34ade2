package io.cashew.journey;

import io.cashew.fixture.Language;

/// Half a million requests, many of which want no answer.
class MemcacheMixedTrafficTest extends MixedTrafficSuite {
    MemcacheMixedTrafficTest() {
        super(Language.MEMCACHE, 10_000);
    }

    @Override
    ModelledClient client(String name, int port, long seed) {
        return new ModelledMemcacheClient(name, port, seed);
    }
}
