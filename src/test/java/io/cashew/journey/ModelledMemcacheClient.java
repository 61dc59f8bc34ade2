package io.cashew.journey;

/// Classic and meta commands; some want no answer, or only one that is news.
final class ModelledMemcacheClient extends ModelledClient {
    ModelledMemcacheClient(String name, int port, long seed) {
        super(name, port, seed, "\r\nEND\r\nSTORED\r\n");
    }

    @Override
    void ask() {
        String key = key();
        String value = value();
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> {
                requests.append("get ").append(key).append("\r\n");
                values(key);
            }
            case 4, 5 -> {
                String[] keys = new String[1 + random.nextInt(12)];
                requests.append("get");
                for (int i = 0; i < keys.length; i++) {
                    keys[i] = key();
                    requests.append(' ').append(keys[i]);
                }
                requests.append("\r\n");
                values(keys);
            }
            case 6, 7, 8 -> {
                store("set", key, value, "");
                model.put(key, value);
                replies.append("STORED\r\n");
            }
            case 9 -> {
                store("set", key, value, " noreply");
                model.put(key, value);
            }
            case 10 -> {
                store("add", key, value, "");
                replies.append(model.putIfAbsent(key, value) == null ? "STORED\r\n" : "NOT_STORED\r\n");
            }
            case 11 -> {
                requests.append("delete ").append(key).append("\r\n");
                replies.append(model.remove(key) == null ? "NOT_FOUND\r\n" : "DELETED\r\n");
            }
            case 12 -> {
                requests.append("delete ").append(key).append(" noreply\r\n");
                model.remove(key);
            }
            case 13 -> {
                requests.append("mg ").append(key).append(" v q\r\n");
                String held = model.get(key);
                if (held != null) {
                    replies.append("VA ").append(held.length()).append("\r\n").append(held).append("\r\n");
                }
            }
            case 14 -> {
                requests.append("ms %s %d q k\r\n%s\r\n".formatted(key, value.length(), value));
                model.put(key, value);
            }
            default -> {
                requests.append("mg ").append(key).append(" k O").append(valuesMade()).append("\r\n");
                replies.append(model.containsKey(key) ? "HD k" : "EN k").append(key).append(" O").append(valuesMade())
                        .append("\r\n");
            }
        }
    }

    private void store(String command, String key, String value, String noreply) {
        requests.append("%s %s 0 0 %d%s\r\n%s\r\n".formatted(command, key, value.length(), noreply, value));
    }

    private void values(String... keys) {
        for (String key : keys) {
            String value = model.get(key);
            if (value != null) {
                replies.append("VALUE %s 0 %d\r\n%s\r\n".formatted(key, value.length(), value));
            }
        }
        replies.append("END\r\n");
    }

    @Override
    void finish() {
        requests.append("mn\r\n");
        replies.append("MN\r\n");
    }
}
