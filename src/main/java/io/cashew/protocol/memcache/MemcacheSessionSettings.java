package io.cashew.protocol.memcache;

import java.util.Map;
import java.util.function.Supplier;

/// What a pool's sessions have in common. The suppliers are asked on any thread and answer with what is true at that
/// moment, in the order in which it is to be shown; names are single words, values are single lines.
///
/// @param statistics what `stats` tells
/// @param serverStatistics what `stats servers` tells
public record MemcacheSessionSettings(
        Supplier<Map<String, String>> statistics, Supplier<Map<String, String>> serverStatistics) {}
