package io.cashew.journey;

import java.util.Arrays;
import java.util.HashSet;

/// Reads, writes and counts, one key or several at a time.
final class ModelledRedisClient extends ModelledClient {
    private static final int COUNTERS = 20;

    ModelledRedisClient(String name, int port, long seed) {
        super(name, port, seed, "\r\n$-1\r\n+OK\r\n");
    }

    @Override
    void ask() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> {
                String key = key();
                request("GET", key);
                bulk(model.get(key));
            }
            case 5, 6, 7, 8 -> {
                String key = key();
                String value = value();
                model.put(key, value);
                request("SET", key, value);
                replies.append("+OK\r\n");
            }
            case 9, 10 -> {
                String[] command = command("MGET", 1 + random.nextInt(12));
                request(command);
                replies.append('*').append(command.length - 1).append("\r\n");
                Arrays.stream(command).skip(1).map(model::get).forEach(this::bulk);
            }
            case 11, 12 -> mset();
            case 13, 14 -> {
                String[] command = command("DEL", 1 + random.nextInt(5));
                request(command);
                integer(Arrays.stream(command)
                        .skip(1)
                        .filter(key -> model.remove(key) != null)
                        .count());
            }
            case 15 -> {
                // Redis counts a key as often as it is named.
                String[] command = command("EXISTS", 1 + random.nextInt(5));
                request(command);
                integer(Arrays.stream(command).skip(1).filter(model::containsKey).count());
            }
            case 16, 17 -> {
                String key = name + ":counter:" + random.nextInt(COUNTERS);
                long count = Long.parseLong(model.getOrDefault(key, "0")) + 1;
                model.put(key, String.valueOf(count));
                request("INCR", key);
                integer(count);
            }
            case 18 -> {
                request("PING");
                replies.append("+PONG\r\n");
            }
            default -> {
                String value = value();
                request("ECHO", value);
                bulk(value);
            }
        }
    }

    private void mset() {
        int pairs = 1 + random.nextInt(6);
        var command = new String[1 + 2 * pairs];
        command[0] = "MSET";
        var used = new HashSet<String>();
        for (int i = 1; i < command.length; i += 2) {
            do {
                command[i] = key();
            } while (!used.add(command[i]));
            command[i + 1] = value();
            model.put(command[i], command[i + 1]);
        }
        request(command);
        replies.append("+OK\r\n");
    }

    private String[] command(String name, int keys) {
        var command = new String[1 + keys];
        command[0] = name;
        for (int i = 1; i <= keys; i++) {
            command[i] = key();
        }
        return command;
    }

    private void request(String... words) {
        requests.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            requests.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    private void bulk(String value) {
        if (value == null) {
            replies.append("$-1\r\n");
        } else {
            replies.append('$').append(value.length()).append("\r\n").append(value).append("\r\n");
        }
    }

    private void integer(long number) {
        replies.append(':').append(number).append("\r\n");
    }
}
