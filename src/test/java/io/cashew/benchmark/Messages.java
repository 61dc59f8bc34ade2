package io.cashew.benchmark;

import io.cashew.protocol.Limits;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.WrongPasswords;
import io.cashew.protocol.memcache.MemcacheProtocol;
import io.cashew.protocol.memcache.MemcacheSessionSettings;
import io.cashew.protocol.redis.Lanes;
import io.cashew.protocol.redis.OldServers;
import io.cashew.protocol.redis.Password;
import io.cashew.protocol.redis.RedisProtocol;
import io.cashew.protocol.redis.RedisSessionSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Both protocols, and messages of them in memory like that in which they are received.
final class Messages {
    static final Protocol REDIS = new RedisProtocol(
            Limits.REDIS, new RedisSessionSettings(Password.NONE, WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1"),
                    Optional.empty());
    static final Protocol MEMCACHE =
            new MemcacheProtocol(Limits.memcache(1024 * 1024), new MemcacheSessionSettings(Map::of, Map::of));

    private Messages() {}

    static MemorySegment received(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return Arena.global().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    /// A command, or an array of values.
    static String array(List<String> words) {
        return "*" + words.size() + "\r\n" + words.stream().map(Messages::bulk).collect(Collectors.joining());
    }

    static String array(String... words) {
        return array(List.of(words));
    }

    static String bulk(String word) {
        return "$" + word.length() + "\r\n" + word + "\r\n";
    }

    static String value(int length) {
        return "v".repeat(length);
    }

    /// `key:000000000000` and others. Not successive ones: fnv1a puts those beside each other, on the same server.
    static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(number -> "key:%012d".formatted(number * 7919)).toList();
    }

    /// `MGET` of these keys.
    static String mget(List<String> keys) {
        return "*" + (1 + keys.size()) + "\r\n" + bulk("MGET") + keys.stream().map(Messages::bulk).collect(Collectors.joining());
    }

    /// What memcached answers to a `get` of these keys.
    static String found(List<String> keys, String value) {
        return keys.stream()
                .map(key -> "VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\n")
                .collect(Collectors.joining("", "", "END\r\n"));
    }
}
