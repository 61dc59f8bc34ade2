package io.cashew.journey;

import io.cashew.fixture.Language;

class Resp3DifferentialTest extends RedisDifferentialSuite {
    Resp3DifferentialTest() {
        super(Language.RESP3);
    }
}
