package io.cashew.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    Path directory;

    private Path file;
    private FileWatch watch;

    @BeforeEach
    void begin() throws IOException {
        file = Files.writeString(directory.resolve("nutcracker.yml"), "one");
        watch = new FileWatch(() -> List.of(file));
    }

    @Test
    void aChangeCountsOnceWhenItIsTheSameAtTwoLooks() throws IOException {
        assertThat(watch.changed()).isFalse();
        Files.writeString(file, "two");

        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    void aFileThatIsBeingWrittenIsLeftAlone() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "more" + i);
            assertThat(watch.changed()).isFalse();
        }
        assertThat(watch.changed()).isTrue();
    }

    @Test
    void sizeAndTimeSayNothing() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, time);
        watch.changed();
        assertThat(watch.changed()).isTrue();

        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        watch.changed();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    void whatIsBackAsItWasIsNoChange() throws IOException {
        Files.delete(file);
        assertThat(watch.changed()).isFalse();
        Files.writeString(file, "one");

        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    void aFileThatIsReplacedOrGoneIsAChange() throws IOException {
        Path next = Files.writeString(directory.resolve(".nutcracker.yml.swp"), "two");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        watch.changed();
        assertThat(watch.changed()).isTrue();

        Files.delete(file);
        watch.changed();
        assertThat(watch.changed()).isTrue();
    }
}
