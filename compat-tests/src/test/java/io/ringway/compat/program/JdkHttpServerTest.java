package io.ringway.compat.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JDK's HTTP server, an NIO program that selects on channels and reads them in blocking mode, with the JDK's two
 * HTTP clients: {@code HttpClient} uses channels, {@code HttpURLConnection} a kernel socket.
 */
class JdkHttpServerTest {
    private HttpServer server;
    private ExecutorService executor;

    @BeforeEach
    void start() throws IOException {
        executor = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpServer.create(Loopback.anyPort(), 100);
        server.setExecutor(executor);
        server.createContext("/echo", JdkHttpServerTest::echo);
        server.createContext("/bytes/", JdkHttpServerTest::bytes);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        executor.close();
    }

    private static void echo(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static void bytes(HttpExchange exchange) throws IOException {
        try (exchange) {
            int size = Integer.parseInt(exchange.getRequestURI().getPath().substring("/bytes/".length()));
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new SeededBytes(size).next(size).array());
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @Tag("smoke")
    @Test
    void manyRequestsOverOneConnectionAreAnswered() throws Exception {
        ManagementBean.assertPath(() -> {
            try (HttpClient client = client()) {
                for (int i = 0; i < 200; i++) {
                    assertEquals("request " + i, post(client, "request " + i));
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000, 4_000_000})
    void bodiesAreReadByTheHttpClient(int size) throws Exception {
        try (HttpClient client = client()) {
            byte[] body = client.send(
                            HttpRequest.newBuilder(uri("/bytes/" + size)).build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertEquals(size, body.length);
            new SeededBytes(size).check(ByteBuffer.wrap(body));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000, 4_000_000})
    void bodiesAreReadByTheUrlConnection(int size) throws Exception {
        for (int i = 0; i < 5; i++) {
            HttpURLConnection connection =
                    (HttpURLConnection) uri("/bytes/" + size).toURL().openConnection();
            byte[] body = connection.getInputStream().readAllBytes();
            assertEquals(size, body.length);
            new SeededBytes(size).check(ByteBuffer.wrap(body));
        }
    }

    @Test
    void theUrlConnectionUploads() throws Exception {
        ManagementBean.assertKernel(() -> {
            HttpURLConnection connection =
                    (HttpURLConnection) uri("/echo").toURL().openConnection();
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(3_000_000);
            connection
                    .getOutputStream()
                    .write(new SeededBytes(1).next(3_000_000).array());
            byte[] body = connection.getInputStream().readAllBytes();
            assertEquals(3_000_000, body.length);
            new SeededBytes(1).check(ByteBuffer.wrap(body));
        });
    }

    @Test
    void twoKindsOfClientAreServedAtOnce() throws Exception {
        List<Background<String>> answers = new ArrayList<>();
        try (HttpClient client = client()) {
            for (int i = 0; i < 40; i++) {
                String text = "client " + i;
                answers.add(Background.startVirtual(i % 2 == 0 ? () -> post(client, text) : () -> post(text)));
            }
            for (int i = 0; i < 40; i++) {
                assertEquals("client " + i, answers.get(i).result());
            }
        }
    }

    private String post(HttpClient client, String text) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/echo"))
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        return response.body();
    }

    private String post(String text) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri("/echo").toURL().openConnection();
        connection.setDoOutput(true);
        connection.getOutputStream().write(text.getBytes(UTF_8));
        return new String(connection.getInputStream().readAllBytes(), UTF_8);
    }
}
