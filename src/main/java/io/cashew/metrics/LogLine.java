package io.cashew.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;

/// What a line of the log is about, said to programs: where lines are JSON, these stand beside the message as `fields`, so that
/// nobody has to take it apart. Where they are not, only the message is seen.
///
/// ```java
/// LogLine.about("pool", pool).and("server", server.name()).write(LOG, Logger.Level.WARN, line);
/// ```
///
/// Not by way of the diagnostic context (MDC): the framework keeps that with requests of its own, and forgets on an event loop
/// what is put there.
public final class LogLine {
    private final Map<String, String> fields = new LinkedHashMap<>();

    private LogLine() {}

    /// The field `name` is `value`; without a value it is left out.
    public static LogLine about(String name, Object value) {
        return new LogLine().and(name, value);
    }

    /// So is another.
    public LogLine and(String name, Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
        return this;
    }

    /// Says `message` to `logger`, as it stands. May be done again with another.
    public void write(Logger logger, Logger.Level level, String message) {
        if (logger.isEnabled(level)) {
            var line = new ExtLogRecord(level(level), message, ExtLogRecord.FormatStyle.NO_FORMAT, LogLine.class.getName());
            line.setLoggerName(logger.getName());
            fields.forEach(line::putMdc);
            org.jboss.logmanager.Logger.getLogger(logger.getName()).logRaw(line);
        }
    }

    private static Level level(Logger.Level level) {
        return switch (level) {
            case FATAL -> Level.FATAL;
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
