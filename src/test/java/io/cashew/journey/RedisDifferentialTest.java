package io.cashew.journey;

import io.cashew.fixture.Language;

class RedisDifferentialTest extends RedisDifferentialSuite {
    RedisDifferentialTest() {
        super(Language.REDIS);
    }
}
