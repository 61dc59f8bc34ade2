package io.cashew.clients;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// Tests that share a [ClientStage], and find it empty.
abstract class StageSuite {
    private static ClientStage stage;

    static ClientStage stage() {
        return stage;
    }

    @BeforeAll
    static void start() {
        stage = new ClientStage();
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @BeforeEach
    void flush() {
        stage.flush();
    }
}
