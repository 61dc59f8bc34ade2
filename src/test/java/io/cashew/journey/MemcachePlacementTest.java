package io.cashew.journey;

import io.cashew.fixture.Language;
import java.util.Random;

class MemcachePlacementTest extends PlacementSuite {
    MemcachePlacementTest() {
        super(Language.MEMCACHE);
    }

    /// A key has up to 250 bytes, none of them a blank or a control character.
    @Override
    String key(int number, Random random) {
        return switch (number % 6) {
            case 0 -> "user:" + number + ":profile";
            case 1 -> "order{" + number % 97 + "}line" + number;
            case 2 -> number + "{}" + number % 89;
            case 3 -> number + "x".repeat(random.nextInt(240));
            case 4 -> number + "$" + number % 89 + "$";
            default -> bytes(random) + number;
        };
    }

    private static String bytes(Random random) {
        var bytes = new StringBuilder();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            int b = random.nextInt('!', 256);
            bytes.append((char) (b == 127 ? '?' : b));
        }
        return bytes.toString();
    }
}
