package io.ringway.compat.program;

import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;

/**
 * Vert.x with a server for HTTP and WebSocket and one for plain bytes. {@code /echo} returns the request's body,
 * {@code /bytes/n} n bytes of seed n; every WebSocket message comes back, and every byte.
 */
final class VertxServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int MOST_MESSAGE = 2_000_000;

    private final Vertx vertx = vertx();
    private volatile int httpPort;
    private volatile int netPort;

    private VertxServer() throws Exception {
        await(vertx.deployVerticle(Servers::new, new DeploymentOptions()));
    }

    static VertxServer start() throws Exception {
        return new VertxServer();
    }

    /** Vert.x without its cache of files, whose directory it leaves behind. */
    static Vertx vertx() {
        FileSystemOptions none =
                new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        return Vertx.vertx(new VertxOptions().setFileSystemOptions(none));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Prints one port, that of HTTP; the other is the answer to {@code /port}. */
    public static void main(String[] arguments) throws Exception {
        try (VertxServer server = start()) {
            Parent.tell("port " + server.port());
            Parent.awaitEnd();
        }
    }

    int port() {
        return httpPort;
    }

    @Override
    public void close() throws Exception {
        await(vertx.close());
    }

    private final class Servers extends AbstractVerticle {
        @Override
        public void start(Promise<Void> started) {
            HttpServerOptions options = new HttpServerOptions()
                    .setMaxWebSocketMessageSize(MOST_MESSAGE)
                    .setMaxWebSocketFrameSize(MOST_MESSAGE);
            Future<?> http = getVertx()
                    .createHttpServer(options)
                    .requestHandler(VertxServer.this::answer)
                    .webSocketHandler(VertxServer::echo)
                    .listen(0, HOST)
                    .onSuccess(server -> httpPort = server.actualPort());
            Future<?> net = getVertx()
                    .createNetServer()
                    .connectHandler(VertxServer::echo)
                    .listen(0, HOST)
                    .onSuccess(server -> netPort = server.actualPort());
            Future.all(http, net).<Void>mapEmpty().onComplete(started);
        }
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        if (path.equals("/echo")) {
            request.body().onSuccess(request.response()::end);
        } else if (path.startsWith("/bytes/")) {
            int size = Integer.parseInt(path.substring("/bytes/".length()));
            request.response()
                    .end(Buffer.buffer(new SeededBytes(size).next(size).array()));
        } else {
            request.response().end(String.valueOf(netPort));
        }
    }

    private static void echo(ServerWebSocket socket) {
        socket.textMessageHandler(socket::writeTextMessage);
        socket.binaryMessageHandler(socket::writeBinaryMessage);
    }

    private static void echo(NetSocket socket) {
        socket.pipe().to(socket);
    }
}
