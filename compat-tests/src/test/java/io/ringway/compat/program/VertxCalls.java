package io.ringway.compat.program;

import static io.ringway.compat.program.VertxServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What Vert.x's clients do with a {@link VertxServer}. Each client is closed at the end of its use, and so reachable until
 * then: Vert.x shuts down a client that the garbage collector finds unreachable, and with it what is still connecting.
 */
final class VertxCalls implements AutoCloseable {
    private static final int LARGE = 10_000_000;
    private static final int MOST_MESSAGE = 2_000_000;

    private final Vertx vertx = VertxServer.vertx();
    private final int port;

    private VertxCalls(int port) {
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        all(Integer.parseInt(arguments[0]));
        Parent.tell("done");
    }

    static void all(int port) throws Exception {
        try (VertxCalls calls = new VertxCalls(port)) {
            calls.http(pipelining());
            calls.http(new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2));
            calls.webSocket();
            calls.bytes();
        }
    }

    /** All requests on one connection, up to fifty of them before the first answer. */
    private static HttpClientOptions pipelining() {
        return new HttpClientOptions().setPipelining(true).setPipeliningLimit(50);
    }

    private void http(HttpClientOptions options) throws Exception {
        HttpClient client = vertx.createHttpClient(
                options.setDefaultHost("127.0.0.1").setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(1).setHttp2MaxSize(1));
        List<Future<Buffer>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(get(client, "/bytes/" + 100 * i));
        }
        for (int i = 0; i < 300; i++) {
            check(100 * i, await(answers.get(i)));
        }
        check(LARGE, await(get(client, "/bytes/" + LARGE)));
        Buffer body = Buffer.buffer(new SeededBytes(LARGE).next(LARGE).array());
        check(LARGE, await(client.request(HttpMethod.POST, "/echo").compose(request -> whole(request.send(body)))));
        await(client.close());
    }

    private static Future<Buffer> get(HttpClient client, String path) {
        return client.request(HttpMethod.GET, path).compose(request -> whole(request.send()));
    }

    /**
     * The body of an answer. To be called by the event loop, in the same call that sends the request: what arrives before
     * somebody asks for the body is dropped, and who asks after its end is told that it is empty.
     */
    private static Future<Buffer> whole(Future<HttpClientResponse> answer) {
        return answer.compose(HttpClientResponse::body);
    }

    private static void check(int size, Buffer bytes) {
        assertEquals(size, bytes.length());
        new SeededBytes(size).check(ByteBuffer.wrap(bytes.getBytes()));
    }

    private void webSocket() throws Exception {
        WebSocketClientOptions options =
                new WebSocketClientOptions().setMaxMessageSize(MOST_MESSAGE).setMaxFrameSize(MOST_MESSAGE);
        LinkedBlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        WebSocketClient client = vertx.createWebSocketClient(options);
        WebSocket socket = await(client.connect(port, "127.0.0.1", "/ws").onSuccess(s -> {
            s.textMessageHandler(seen::add);
            s.binaryMessageHandler(seen::add);
        }));
        for (int i = 0; i < 200; i++) {
            await(socket.writeTextMessage("message " + i));
        }
        for (int i = 0; i < 200; i++) {
            assertEquals("message " + i, seen.poll(20, TimeUnit.SECONDS));
        }
        for (int size : new int[] {1, 10_000, 1_000_000}) {
            await(socket.writeBinaryMessage(
                    Buffer.buffer(new SeededBytes(size).next(size).array())));
            if (!(seen.poll(20, TimeUnit.SECONDS) instanceof Buffer bytes)) {
                throw new AssertionError("no binary message");
            }
            check(size, bytes);
        }
        await(socket.close());
        await(client.close());
    }

    private void bytes() throws Exception {
        int netPort = netPort();
        CompletableFuture<Long> received = new CompletableFuture<>();
        SeededBytes expected = new SeededBytes(3);
        NetClient client = vertx.createNetClient();
        NetSocket socket = await(client.connect(netPort, "127.0.0.1")
                .onSuccess(s -> s.handler(buffer -> {
                            expected.check(ByteBuffer.wrap(buffer.getBytes()));
                            if (expected.position() == LARGE) {
                                received.complete(expected.position());
                            }
                        })
                        .exceptionHandler(received::completeExceptionally)));
        SeededBytes sent = new SeededBytes(3);
        while (sent.position() < LARGE) {
            socket.write(Buffer.buffer(sent.next(100_000).array()));
        }
        assertEquals(LARGE, received.get(20, TimeUnit.SECONDS));
        await(socket.end());
        await(client.close());
    }

    private int netPort() throws Exception {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
        int netPort = Integer.parseInt(await(get(client, "/port")).toString());
        await(client.close());
        return netPort;
    }

    @Override
    public void close() throws Exception {
        await(vertx.close());
    }
}
