package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TimeLimit;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's HttpClient with Jetty: HTTP/1.1, HTTP/2 by upgrade and by ALPN, TLS, WebSocket. */
@TimeLimit(120)
class JdkHttpClientTest {
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
        ManagementBean.assertPath(() -> HttpClientCalls.all(server.port()));
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void requestsAreAnsweredOverTls(HttpClient.Version version) throws Exception {
        ManagementBean.assertPath(() -> {
            try (HttpClient client = HttpClient.newBuilder()
                    .version(version)
                    .sslContext(certificate.context())
                    .build()) {
                new HttpClientCalls(client, URI.create("https://127.0.0.1:" + server.tlsPort())).exchange();
            }
        });
    }

    @Test
    void aServerOnTheJdksProviderAnswers() throws Exception {
        OtherProcess.servesOnJdk(JettyServer.class, HttpClientCalls::all);
    }

    @Test
    void aServerInAnotherProcessAnswers() throws Exception {
        OtherProcess.serves(JettyServer.class, HttpClientCalls::all);
    }

    @Test
    void aClientOnTheJdksProviderIsAnswered() throws Exception {
        OtherProcess.callsOnJdk(HttpClientCalls.class, server.port());
    }

    @Test
    void webSocketMessagesComeBack() throws Exception {
        ManagementBean.assertPath(() -> webSocket("ws://127.0.0.1:" + server.port() + "/ws"));
        ManagementBean.assertPath(() -> webSocket("wss://127.0.0.1:" + server.tlsPort() + "/ws"));
    }

    private static void webSocket(String uri) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(certificate.context()).build()) {
            Messages messages = new Messages();
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create(uri), messages)
                    .get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 200; i++) {
                send(socket.sendText("message " + i, true));
                assertEquals("message " + i, messages.next());
            }
            for (int size : new int[] {1, 10_000, 1_000_000}) {
                send(socket.sendBinary(new SeededBytes(size).next(size), true));
                assertEquals(size + " bytes", messages.next());
            }
            send(socket.sendPing(ByteBuffer.wrap(new byte[] {1})));
            assertEquals("pong", messages.next());
            send(socket.sendClose(WebSocket.NORMAL_CLOSURE, "end"));
            assertEquals("closed " + WebSocket.NORMAL_CLOSURE, messages.next());
        }
    }

    private static void send(CompletableFuture<WebSocket> sending) throws Exception {
        sending.get(20, TimeUnit.SECONDS);
    }

    /** Collects what comes; binary messages are checked against the seed that is their size. */
    private static final class Messages implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private ByteBuffer binary = ByteBuffer.allocate(2_000_000);

        String next() throws InterruptedException {
            String message = seen.poll(20, TimeUnit.SECONDS);
            return message == null ? "nothing came" : message;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                seen.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            binary.put(data);
            if (last) {
                int size = binary.flip().remaining();
                new SeededBytes(size).check(binary);
                binary.clear();
                seen.add(size + " bytes");
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            seen.add("pong");
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            seen.add("closed " + status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            seen.add(error.toString());
        }
    }
}
