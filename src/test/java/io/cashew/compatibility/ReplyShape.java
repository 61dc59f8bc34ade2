package io.cashew.compatibility;

/// What is left of replies when their contents are not to be compared: which types, in which order, how many elements.
final class ReplyShape {
    private ReplyShape() {}

    /// `+OK\r\n*2\r\n$1\r\na\r\n:5\r\n` has the shape `+*2$:`. Bytes that are no reply stay as they are.
    static String of(String replies) {
        var shape = new StringBuilder();
        int at = 0;
        while (at < replies.length()) {
            int end = replies.indexOf("\r\n", at);
            if (end < 0) {
                return shape.append(replies, at, replies.length()).toString();
            }
            char type = replies.charAt(at);
            String rest = replies.substring(at + 1, end);
            shape.append(type);
            at = end + 2;
            switch (type) {
                case '$' -> at += rest.equals("-1") ? 0 : Integer.parseInt(rest) + 2;
                case '*' -> shape.append(rest);
                case '+', '-', ':' -> {}
                default -> shape.append(withoutValue(rest)).append("\r\n");
            }
        }
        return shape.toString();
    }

    /// What stays of a line of memcached's: `VERSION 1.6.18` loses its number, `STAT uptime 9` its value.
    private static String withoutValue(String line) {
        return line.startsWith("ERSION ") || line.startsWith("TAT ") ? line.substring(0, line.lastIndexOf(' ')) : line;
    }
}
