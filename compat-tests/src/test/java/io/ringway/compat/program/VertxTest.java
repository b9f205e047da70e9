package io.ringway.compat.program;

import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.TimeLimit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Vert.x: HTTP/1.1 with pipelining, HTTP/2, WebSocket, and plain bytes. */
@TimeLimit(120)
class VertxTest {
    private static VertxServer server;

    @BeforeAll
    static void start() throws Exception {
        server = VertxServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Tag("smoke")
    @Test
    void everythingComesBack() throws Exception {
        ManagementBean.assertPath(() -> VertxCalls.all(server.port()));
    }

    @Test
    void aServerOnTheJdksProviderAnswers() throws Exception {
        OtherProcess.servesOnJdk(VertxServer.class, VertxCalls::all);
    }

    @Test
    void aServerInAnotherProcessAnswers() throws Exception {
        OtherProcess.serves(VertxServer.class, VertxCalls::all);
    }

    @Test
    void aClientOnTheJdksProviderIsAnswered() throws Exception {
        OtherProcess.callsOnJdk(VertxCalls.class, server.port());
    }
}
