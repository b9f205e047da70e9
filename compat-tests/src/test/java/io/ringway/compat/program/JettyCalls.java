package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** What Jetty's client does with a {@link JettyServer}, keeping its connections. */
final class JettyCalls {
    private static final int LARGE = 10_000_000;
    private static final int MOST = 20_000_000;

    private final HttpClient client;
    private final String base;
    private final HttpVersion version;

    private JettyCalls(HttpClient client, String base, HttpVersion version) {
        this.client = client;
        this.base = base;
        this.version = version;
    }

    public static void main(String[] arguments) throws Exception {
        all(Integer.parseInt(arguments[0]));
        Parent.tell("done");
    }

    /** All without TLS, in both versions. */
    static void all(int port) throws Exception {
        String base = "http://127.0.0.1:" + port;
        run(new HttpClientTransportOverHTTP(), base, HttpVersion.HTTP_1_1);
        run(new HttpClientTransportOverHTTP2(new HTTP2Client()), base, HttpVersion.HTTP_2);
    }

    /** All over TLS, in the version that ALPN comes to. */
    static void all(int port, Certificate certificate, HttpVersion version) throws Exception {
        ClientConnector connector = new ClientConnector();
        SslContextFactory.Client ssl = new SslContextFactory.Client();
        ssl.setSslContext(certificate.context());
        connector.setSslContextFactory(ssl);
        HttpClientTransport transport = version == HttpVersion.HTTP_2
                ? new HttpClientTransportDynamic(
                        connector, new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)))
                : new HttpClientTransportDynamic(connector, HttpClientConnectionFactory.HTTP11);
        run(transport, "https://127.0.0.1:" + port, version);
    }

    private static void run(HttpClientTransport transport, String base, HttpVersion version) throws Exception {
        HttpClient client = new HttpClient(transport);
        client.start();
        try {
            new JettyCalls(client, base, version).exchange();
        } finally {
            client.stop();
        }
    }

    private void exchange() throws Exception {
        for (int i = 0; i < 50; i++) {
            check(100 * i, download(100 * i));
        }
        check(LARGE, download(LARGE));
        check(LARGE, upload(LARGE));
        List<CompletableFuture<ContentResponse>> responses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            responses.add(download(1000 * i));
        }
        for (int i = 0; i < 100; i++) {
            check(1000 * i, responses.get(i));
        }
    }

    private CompletableFuture<ContentResponse> download(int size) {
        return new CompletableResponseListener(client.newRequest(base + "/bytes/" + size), MOST).send();
    }

    private CompletableFuture<ContentResponse> upload(int size) {
        Request request = client.POST(base + "/echo")
                .body(new BytesRequestContent(new SeededBytes(size).next(size).array()));
        return new CompletableResponseListener(request, MOST).send();
    }

    private void check(int size, CompletableFuture<ContentResponse> response) throws Exception {
        ContentResponse content = response.get(20, TimeUnit.SECONDS);
        assertEquals(200, content.getStatus());
        assertEquals(version, content.getVersion());
        assertEquals(size, content.getContent().length);
        new SeededBytes(size).check(ByteBuffer.wrap(content.getContent()));
    }
}
