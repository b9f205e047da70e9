package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TimeLimit;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jetty's server and Jetty's client: HTTP/1.1, HTTP/2, TLS, WebSocket, large bodies, kept connections. */
@TimeLimit(120)
class JettyTest {
    @TempDir
    private static Path directory;

    private static Certificate certificate;
    private static JettyServer server;

    @BeforeAll
    static void start() throws Exception {
        certificate = Certificate.create(directory);
        server = JettyServer.start(certificate);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Tag("smoke")
    @Test
    void requestsAreAnswered() throws Exception {
        ManagementBean.assertPath(() -> JettyCalls.all(server.port()));
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void requestsAreAnsweredOverTls(HttpVersion version) throws Exception {
        ManagementBean.assertPath(() -> JettyCalls.all(server.tlsPort(), certificate, version));
    }

    @Test
    void aServerOnTheJdksProviderAnswers() throws Exception {
        OtherProcess.servesOnJdk(JettyServer.class, JettyCalls::all);
    }

    @Test
    void aServerInAnotherProcessAnswers() throws Exception {
        OtherProcess.serves(JettyServer.class, JettyCalls::all);
    }

    @Test
    void aClientOnTheJdksProviderIsAnswered() throws Exception {
        OtherProcess.callsOnJdk(JettyCalls.class, server.port());
    }

    @Test
    void webSocketMessagesComeBack() throws Exception {
        ManagementBean.assertPath(() -> {
            WebSocketClient client = new WebSocketClient();
            client.setMaxBinaryMessageSize(2_000_000);
            client.start();
            try {
                exchange(client);
            } finally {
                client.stop();
            }
        });
    }

    private static void exchange(WebSocketClient client) throws Exception {
        Messages messages = new Messages();
        Session session = client.connect(messages, URI.create("ws://127.0.0.1:" + server.port() + "/ws"))
                .get(20, TimeUnit.SECONDS);
        for (int i = 0; i < 200; i++) {
            session.sendText("message " + i, Callback.NOOP);
        }
        for (int i = 0; i < 200; i++) {
            assertEquals("message " + i, messages.next());
        }
        for (int size : new int[] {1, 10_000, 1_000_000}) {
            session.sendBinary(new SeededBytes(size).next(size), Callback.NOOP);
            assertEquals(size + " bytes", messages.next());
        }
        messages.closing = true;
        session.close(1000, "end", Callback.NOOP);
        assertEquals("closed 1000", messages.next());
    }

    /** Collects what comes; binary messages are checked against the seed that is their size. */
    public static final class Messages extends Session.Listener.AbstractAutoDemanding {
        private final LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();

        /** The server may close before the client's own close has ended, which Jetty calls an error. */
        private volatile boolean closing;

        String next() throws InterruptedException {
            String message = seen.poll(20, TimeUnit.SECONDS);
            return message == null ? "nothing came" : message;
        }

        @Override
        public void onWebSocketText(String message) {
            seen.add(message);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            int size = payload.remaining();
            new SeededBytes(size).check(payload);
            seen.add(size + " bytes");
            callback.succeed();
        }

        @Override
        public void onWebSocketClose(int status, String reason, Callback callback) {
            seen.add("closed " + status);
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            if (!closing) {
                seen.add(cause.toString());
            }
        }
    }
}
