package io.cashew.clients;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a library logs at level warning or above while this is open.
final class Warnings implements AutoCloseable {
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                texts.add(line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /// @param loggers the package under which the library logs, through SLF4J
    Warnings(String loggers) {
        logger = Logger.getLogger(loggers);
        logger.addHandler(handler);
    }

    List<String> texts() {
        return texts;
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
    }
}
