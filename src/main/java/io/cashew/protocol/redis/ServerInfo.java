package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Inquiries.Testimony;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What one server has answered to `INFO`, or why it has not.
///
/// @param name its ring name
/// @param address where it is
/// @param text its answer; empty if there is none
/// @param fields the fields in it, by name
/// @param absence why there is no answer; null if there is one
record ServerInfo(String name, String address, String text, Map<String, String> fields, String absence) {
    static ServerInfo of(Testimony testimony) {
        if (testimony.reply() == null) {
            return absent(testimony, testimony.absence());
        }
        String reply = new String(testimony.reply(), ISO_8859_1);
        int line = reply.indexOf("\r\n");
        if (reply.charAt(0) != '$' || line < 0) {
            return absent(testimony, "answers: " + reply.strip());
        }
        String text = reply.substring(line + 2, Math.max(line + 2, reply.length() - 2));
        return new ServerInfo(testimony.name(), testimony.address(), text, fields(text), null);
    }

    /// The fields in `text`, by name.
    static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        text.lines().forEach(field -> {
            int colon = field.indexOf(':');
            if (colon > 0 && field.charAt(0) != '#') {
                fields.put(field.substring(0, colon), field.substring(colon + 1));
            }
        });
        return fields;
    }

    private static ServerInfo absent(Testimony testimony, String why) {
        return new ServerInfo(testimony.name(), testimony.address(), "", Map.of(), why);
    }

    boolean answered() {
        return absence == null;
    }

    /// What the field is for the pool of `servers`; nothing if no server has it.
    static Optional<String> folded(List<ServerInfo> servers, String field, Fold fold) {
        List<String> values = servers.stream()
                .map(server -> server.fields.get(field))
                .filter(value -> value != null && !value.isEmpty())
                .toList();
        return values.isEmpty() ? Optional.empty() : fold.of(values);
    }

    /// The numbers of a field like `keys=3,expires=1,avg_ttl=0`, by name.
    static Map<String, Double> numbers(String value) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String part : value.split(",")) {
            int equals = part.indexOf('=');
            try {
                numbers.put(part.substring(0, Math.max(0, equals)), Double.parseDouble(part.substring(equals + 1)));
            } catch (NumberFormatException notANumber) {
                // Not one of those that can be added up.
            }
        }
        return numbers;
    }

    /// The numbers that the servers have in all fields whose names begin with `prefix`, added up, by field and then by name.
    static Map<String, Map<String, Double>> sums(List<ServerInfo> servers, String prefix) {
        Map<String, Map<String, Double>> sums = new LinkedHashMap<>();
        for (ServerInfo server : servers) {
            server.fields.forEach((field, value) -> {
                if (field.startsWith(prefix)) {
                    Map<String, Double> sum = sums.computeIfAbsent(field, _ -> new LinkedHashMap<>());
                    numbers(value).forEach((name, number) -> sum.merge(name, number, Double::sum));
                }
            });
        }
        return sums;
    }

    /// Keys in all databases.
    long keys() {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().matches("db\\d+"))
                .collect(Collectors.summingLong(field -> numbers(field.getValue()).getOrDefault("keys", 0.0).longValue()));
    }
}
