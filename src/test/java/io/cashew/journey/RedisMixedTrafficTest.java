package io.cashew.journey;

import io.cashew.fixture.Language;

/// A million requests, a good part of them split by server.
class RedisMixedTrafficTest extends MixedTrafficSuite {
    RedisMixedTrafficTest() {
        super(Language.REDIS, 20_000);
    }

    @Override
    ModelledClient client(String name, int port, long seed) {
        return new ModelledRedisClient(name, port, seed);
    }
}
