package io.cashew.clients;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;

/// Lettuce as for `rediss://`: with TLS, and verifying the name it connects to.
class LettuceTlsTest extends LettuceTest {
    @Override
    RedisURI.Builder uri(int port) {
        return super.uri(stage().tlsPort(port)).withSsl(true);
    }

    @Override
    ClientOptions options() {
        var trust = SslOptions.builder().jdkSslProvider().trustManager(stage().authority().file().toFile()).build();
        return ClientOptions.builder().sslOptions(trust).build();
    }
}
