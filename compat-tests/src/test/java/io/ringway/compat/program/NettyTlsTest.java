package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TimeLimit;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS by the JDK's SSLEngine in Netty's pipeline, with a self-signed certificate. */
@Tag("smoke")
@TimeLimit(60)
class NettyTlsTest {
    @TempDir
    private static Path directory;

    private static KeyManagerFactory keys;
    private static TrustManagerFactory trust;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Certificate certificate = Certificate.create(directory);
        keys = certificate.keys();
        trust = certificate.trust();
    }

    private static SslContext server() throws Exception {
        return SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK).build();
    }

    private static SslContext client() throws Exception {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(trust)
                .build();
    }

    private static SslHandler addTls(SocketChannel channel, SslContext context) {
        SslHandler handler = context.newHandler(channel.alloc(), "localhost", 0);
        channel.pipeline().addLast(handler);
        return handler;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 100_000, 5_000_000})
    void anEncryptedMessageComesBack(int size) throws Exception {
        ManagementBean.assertPath(() -> echo(size));
    }

    private static void echo(int size) throws Exception {
        SslContext server = server();
        SslContext client = client();
        try (Netty netty = new Netty()) {
            InetSocketAddress address = netty.serve(channel -> {
                channel.pipeline().addLast(server.newHandler(channel.alloc()), new EchoHandler());
            });
            Collector collector = new Collector(size);
            Channel channel = netty.connect(address, c -> {
                addTls(c, client);
                c.pipeline().addLast(collector);
            });
            Netty.get(channel.pipeline().get(SslHandler.class).handshakeFuture());
            String protocol = channel.pipeline()
                    .get(SslHandler.class)
                    .engine()
                    .getSession()
                    .getProtocol();
            assertTrue(protocol.startsWith("TLSv1."), protocol);
            SeededBytes sent = new SeededBytes(size);
            Netty.get(channel.writeAndFlush(Unpooled.wrappedBuffer(sent.next(size))));
            collector.awaitBytes(size);
            Netty.get(channel.close());
            collector.awaitClose();
        }
    }

    @Test
    void closeNotifyEndsTheOtherSide() throws Exception {
        SslContext server = server();
        // TLS 1.2 answers the notice, and the client stays for the answer: bytes left unread would reset the
        // connection.
        SslContext client = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.2")
                .trustManager(trust)
                .build();
        try (Netty netty = new Netty()) {
            Collector collector = new Collector(7);
            InetSocketAddress address =
                    netty.serve(channel -> channel.pipeline().addLast(server.newHandler(channel.alloc()), collector));
            Channel channel = netty.connect(address, c -> addTls(c, client).setCloseNotifyReadTimeoutMillis(10_000));
            Netty.get(channel.writeAndFlush(Unpooled.wrappedBuffer(new SeededBytes(7).next(300_000))));
            Netty.get(channel.close());
            collector.awaitClose();
            assertEquals(300_000, collector.received());
        }
    }

    @Test
    void aClientThatDoesNotSpeakTlsIsClosed() throws Exception {
        SslContext server = server();
        try (Netty netty = new Netty()) {
            InetSocketAddress address = netty.serve(
                    channel -> channel.pipeline().addLast(server.newHandler(channel.alloc()), new EchoHandler()));
            try (java.nio.channels.SocketChannel channel = java.nio.channels.SocketChannel.open(address)) {
                Io.write(channel, "GET / HTTP/1.1\r\n\r\n");
                Io.countToEnd(channel);
            }
        }
    }

    @Test
    void theJdksHttpClientSpeaksTlsWithTheServer() throws Exception {
        SslContext server = server();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        try (Netty netty = new Netty();
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(tls)
                        .build()) {
            InetSocketAddress address = netty.serve(channel -> {
                channel.pipeline().addLast(server.newHandler(channel.alloc()));
                NettyHttpServer.install(channel);
            });
            for (int size : new int[] {1, 1000, 2_000_000}) {
                URI uri = URI.create("https://127.0.0.1:" + address.getPort() + "/bytes/" + size);
                byte[] body = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .body();
                assertEquals(size, body.length);
                new SeededBytes(size).check(ByteBuffer.wrap(body));
            }
        }
    }
}
