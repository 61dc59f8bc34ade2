package io.cashew.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadSchedulingTest {
    private static final String NORMAL = "0";
    private static final String BATCH = "3";

    private final ThreadScheduling scheduling = new ThreadScheduling();

    @AfterEach
    void asBefore() {
        scheduling.toNormal();
    }

    @Test
    void aThreadBecomesABatchJobAndANormalThreadAgain() throws IOException {
        onThisThread().until(scheduling::toBatch);
        assertThat(policy()).isEqualTo(BATCH);

        assertThat(scheduling.toNormal()).isTrue();
        assertThat(policy()).isEqualTo(NORMAL);
    }

    @Test
    void aPolicyThatSomebodyElseHasChosenStays() throws IOException {
        onThisThread().until(scheduling::toBatch);

        assertThat(new ThreadScheduling().toBatch()).isFalse();
        assertThat(policy()).isEqualTo(BATCH);
    }

    @Test
    void theTimeAThreadWorksCounts() {
        assertThat(ThreadScheduling.isKnown()).isTrue();
        long before = scheduling.runnableNanos();

        onThisThread().until(() -> scheduling.runnableNanos() > before);
    }

    private static ConditionFactory onThisThread() {
        return await().pollInSameThread();
    }

    /// The 41st field of proc_pid_stat(5); the second one is a name in parentheses.
    private static String policy() throws IOException {
        String status = Files.readString(Path.of("/proc/thread-self/stat"));
        return status.substring(status.lastIndexOf(')') + 2).split(" ")[38];
    }
}
