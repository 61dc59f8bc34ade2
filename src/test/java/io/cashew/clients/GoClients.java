package io.cashew.clients;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// go-redis. It does not come from a distribution, so this is only run when it is named, and after it was built:
/// ```
/// mkdir target/go && cp src/test/resources/clients/go_redis.go target/go
/// (cd target/go && go mod init client && go get github.com/redis/go-redis/v9 && go build -o client)
/// ./mvnw test -Dtest=GoClients
/// ```
class GoClients extends ProgramSuite {
    @ParameterizedTest
    @EnumSource
    void everythingWorksWithoutAWarning(Way way) {
        assertEverythingWorks(way, "OK, 25 checks\n", "target/go/client");
    }
}
