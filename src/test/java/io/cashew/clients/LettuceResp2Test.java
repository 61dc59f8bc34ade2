package io.cashew.clients;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.ProtocolVersion;

class LettuceResp2Test extends LettuceTest {
    @Override
    int dialect() {
        return 2;
    }

    @Override
    ClientOptions options() {
        return ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build();
    }
}
