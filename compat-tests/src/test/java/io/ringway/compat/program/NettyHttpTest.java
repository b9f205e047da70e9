package io.ringway.compat.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's HTTP/1.1 server, with clients of the JDK and with plain channels. */
class NettyHttpTest {
    private Netty netty;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws InterruptedException {
        netty = new Netty();
        address = netty.serve(NettyHttpServer::install);
    }

    @AfterEach
    void stop() {
        netty.close();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + address.getPort() + path);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        int count = 500;
        try (SocketChannel channel = SocketChannel.open(address)) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < count; i++) {
                requests.append("GET /number").append(i).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            Io.write(channel, requests.toString());
            BufferedReader reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
            for (int i = 0; i < count; i++) {
                assertEquals("HTTP/1.1 200 OK", reader.readLine());
                String expected = "/number" + i;
                assertEquals("content-length: " + expected.length(), reader.readLine());
                assertEquals("", reader.readLine());
                StringBuilder body = new StringBuilder();
                while (body.length() < expected.length()) {
                    body.append((char) reader.read());
                }
                assertEquals(expected, body.toString());
            }
        }
    }

    @Test
    void connectionCloseIsHonoured() throws Exception {
        ManagementBean.assertPath(() -> {
            try (SocketChannel channel = SocketChannel.open(address)) {
                Io.write(channel, "GET /bye HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
                String answer = new String(Io.readToEnd(channel), UTF_8);
                assertTrue(answer.endsWith("\r\n\r\n/bye"), answer);
            }
        });
    }

    @Tag("smoke")
    @Test
    void theJdksClientKeepsAConnectionForManyRequests() throws Exception {
        try (HttpClient client = client()) {
            for (int i = 0; i < 200; i++) {
                HttpRequest request = HttpRequest.newBuilder(uri("/echo"))
                        .POST(HttpRequest.BodyPublishers.ofString("body " + i))
                        .build();
                assertEquals(
                        "body " + i,
                        client.send(request, HttpResponse.BodyHandlers.ofString())
                                .body());
            }
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bytes/1", "/bytes/70000", "/bytes/5000000", "/chunked/1", "/chunked/3000000"})
    void theJdksClientReadsBodiesWholeAndChunked(String path) throws Exception {
        int size = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
        try (HttpClient client = client()) {
            byte[] body = client.send(
                            HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertEquals(size, body.length);
            new SeededBytes(size).check(ByteBuffer.wrap(body));
        }
    }

    @Test
    void theJdksClientUploadsMegabytes() throws Exception {
        byte[] upload = new SeededBytes(6).next(6_000_000).array();
        try (HttpClient client = client()) {
            HttpRequest request = HttpRequest.newBuilder(uri("/echo"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(upload))
                    .build();
            byte[] body = client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertEquals(upload.length, body.length);
            new SeededBytes(6).check(ByteBuffer.wrap(body));
        }
    }

    @Test
    void aHundredAsynchronousRequestsAtOnceAreAnswered() throws Exception {
        try (HttpClient client = client()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(client.sendAsync(
                        HttpRequest.newBuilder(uri("/async" + i)).build(), HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(
                        "/async" + i, answers.get(i).get(10, TimeUnit.SECONDS).body());
            }
        }
    }

    @Test
    void aClientOverAKernelSocketIsServedToo() throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpURLConnection connection =
                    (HttpURLConnection) uri("/bytes/100000").toURL().openConnection();
            byte[] body = connection.getInputStream().readAllBytes();
            assertEquals(100_000, body.length);
            new SeededBytes(100_000).check(ByteBuffer.wrap(body));
        }
    }
}
