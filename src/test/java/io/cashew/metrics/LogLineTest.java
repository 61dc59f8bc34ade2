package io.cashew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogLineTest {
    private static final Logger LOG = Logger.getLogger(LogLineTest.class);

    private final List<ExtLogRecord> lines = new ArrayList<>();
    private final java.util.logging.Logger logger = java.util.logging.Logger.getLogger(LOG.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(ExtLogRecord.wrap(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(java.util.logging.Level.ALL);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }

    @Test
    void everyLineHasItsFieldsAndNoOtherHas() {
        LogLine about = LogLine.about("pool", "alpha").and("client", 7).and("server", null);

        about.write(LOG, Logger.Level.WARN, "50 % of {0}");
        about.write(LOG, Logger.Level.INFO, "again");
        LOG.info("something else");

        assertThat(lines).extracting(ExtLogRecord::getFormattedMessage).containsExactly("50 % of {0}", "again", "something else");
        assertThat(lines).extracting(ExtLogRecord::getLoggerName).containsOnly(LOG.getName());
        assertThat(lines).extracting(ExtLogRecord::getMdcCopy).containsExactly(
                Map.of("pool", "alpha", "client", "7"), Map.of("pool", "alpha", "client", "7"), Map.of());
    }

    @ParameterizedTest
    @EnumSource
    void levelsAreThoseOfTheLog(Logger.Level level) {
        LogLine.about("pool", "alpha").write(LOG, level, "line");

        assertThat(lines).extracting(line -> line.getLevel().getName()).containsExactly(level.name());
    }

    @Test
    void whatNobodyWantsToReadIsNotWritten() {
        logger.setLevel(java.util.logging.Level.WARNING);

        LogLine.about("pool", "alpha").write(LOG, Logger.Level.INFO, "line");

        assertThat(lines).isEmpty();
    }
}
