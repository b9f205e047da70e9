package io.ringway.compat.program;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.TimeLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** gRPC on Netty's NIO transport: calls of all types, deadlines, cancellation. */
@TimeLimit(120)
class GrpcTest {
    private GrpcServer server;

    @BeforeEach
    void start() throws IOException {
        server = GrpcServer.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
    }

    @Tag("smoke")
    @Test
    void callsOfEveryTypeAreAnswered() throws Exception {
        ManagementBean.assertPath(() -> GrpcCalls.all(server.port()));
        Await.until("the server knows that nobody waits any more", server::hasSeenEveryCancellation);
    }

    @Test
    void manyClientsCallAtOnce() throws Exception {
        ManagementBean.assertPath(() -> {
            List<Background<?>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(Background.run(() -> GrpcCalls.all(server.port())));
            }
            for (Background<?> client : clients) {
                client.result();
            }
        });
        Await.until("the server knows that nobody waits any more", server::hasSeenEveryCancellation);
    }

    @Test
    void aServerOnTheJdksProviderAnswers() throws Exception {
        OtherProcess.servesOnJdk(GrpcServer.class, GrpcCalls::all);
    }

    @Test
    void aServerInAnotherProcessAnswers() throws Exception {
        OtherProcess.serves(GrpcServer.class, GrpcCalls::all);
    }

    @Test
    void aClientOnTheJdksProviderIsAnswered() throws Exception {
        OtherProcess.callsOnJdk(GrpcCalls.class, server.port());
    }
}
