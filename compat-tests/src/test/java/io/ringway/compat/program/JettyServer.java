package io.ringway.compat.program;

import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty with HTTP/1.1, HTTP/2 (h2c) and WebSocket on one port, and with the same over TLS on another. {@code /echo}
 * returns the request's body, {@code /bytes/n} n bytes of seed n, {@code /ws} the messages.
 */
final class JettyServer implements AutoCloseable {
    private static final int MOST_MESSAGE = 4_000_000;
    private static final int PIECE = 32 * 1024;

    private final Server server = new Server();
    private final ServerConnector clear;
    private final @Nullable ServerConnector tls;

    private JettyServer(@Nullable Certificate certificate) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        clear = new ServerConnector(
                server, new HttpConnectionFactory(configuration), new HTTP2CServerConnectionFactory(configuration));
        tls = certificate == null ? null : tls(certificate, configuration);
        for (ServerConnector connector :
                tls == null ? new ServerConnector[] {clear} : new ServerConnector[] {clear, tls}) {
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
        }
        WebSocketUpgradeHandler upgrade = WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxBinaryMessageSize(MOST_MESSAGE);
            container.setMaxTextMessageSize(MOST_MESSAGE);
            container.addMapping("/ws", (request, response, callback) -> new EchoSocket());
        });
        upgrade.setHandler(new Answers());
        server.setHandler(upgrade);
        server.start();
    }

    /** The connector for TLS has no acceptor: a selector accepts. */
    private ServerConnector tls(Certificate certificate, HttpConfiguration configuration) throws Exception {
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(certificate.context());
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        return new ServerConnector(
                server,
                0,
                1,
                new SslConnectionFactory(ssl, alpn.getProtocol()),
                alpn,
                new HTTP2ServerConnectionFactory(configuration),
                new HttpConnectionFactory(configuration));
    }

    static JettyServer start() throws Exception {
        return new JettyServer(null);
    }

    static JettyServer start(Certificate certificate) throws Exception {
        return new JettyServer(certificate);
    }

    public static void main(String[] arguments) throws Exception {
        try (JettyServer server = start()) {
            Parent.tell("port " + server.port());
            Parent.awaitEnd();
        }
    }

    int port() {
        return clear.getLocalPort();
    }

    int tlsPort() {
        if (tls == null) {
            throw new IllegalStateException("no certificate");
        }
        return tls.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private static final class Answers extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = Request.getPathInContext(request);
            if (path.equals("/echo")) {
                // All of it first: the JDK's client reads no answer before its request is out.
                ByteBuffer body = Content.Source.asByteBuffer(request);
                response.write(true, body, callback);
            } else if (path.startsWith("/bytes/")) {
                writeBytes(Integer.parseInt(path.substring("/bytes/".length())), response);
                callback.succeeded();
            } else {
                return false;
            }
            return true;
        }

        private static void writeBytes(int size, Response response) throws Exception {
            SeededBytes bytes = new SeededBytes(size);
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                while (bytes.position() < size) {
                    out.write(bytes.next((int) Math.min(PIECE, size - bytes.position()))
                            .array());
                }
            }
        }
    }

    /** Sends every message back. */
    public static final class EchoSocket extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketText(String message) {
            getSession().sendText(message, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, org.eclipse.jetty.websocket.api.Callback callback) {
            getSession().sendBinary(payload, callback);
        }
    }
}
