package io.cashew.journey;

import io.cashew.fixture.Language;
import io.cashew.fixture.RespClient;
import java.util.Random;

class RedisPlacementTest extends PlacementSuite {
    RedisPlacementTest() {
        super(Language.REDIS);
    }

    /// A key may be empty, have blanks, and be of any bytes.
    @Override
    String key(int number, Random random) {
        if (number == 0) {
            return "";
        }
        return switch (number % 5) {
            case 0 -> "user:" + number + ":profile";
            case 1 -> "order {" + number % 97 + "} line " + number;
            case 2 -> number + "$" + number % 89 + "$";
            case 3 -> number + "x".repeat(random.nextInt(300));
            default -> bytes(random) + number;
        };
    }

    private static String bytes(Random random) {
        var bytes = new byte[1 + random.nextInt(40)];
        random.nextBytes(bytes);
        return RespClient.text(bytes);
    }
}
