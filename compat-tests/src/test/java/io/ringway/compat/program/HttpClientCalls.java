package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the JDK's HttpClient does with a {@link JettyServer}. */
final class HttpClientCalls {
    private static final int LARGE = 10_000_000;

    private final HttpClient client;
    private final URI base;
    private final HttpClient.Version version;

    HttpClientCalls(HttpClient client, URI base) {
        this.client = client;
        this.base = base;
        this.version = client.version();
    }

    public static void main(String[] arguments) throws Exception {
        all(Integer.parseInt(arguments[0]));
        Parent.tell("done");
    }

    /** All without TLS, in both versions. */
    static void all(int port) throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version.compareTo(HttpClient.Version.HTTP_2) > 0) {
                continue;
            }
            try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
                new HttpClientCalls(client, URI.create("http://127.0.0.1:" + port)).exchange();
            }
        }
    }

    void exchange() throws Exception {
        download(1);
        for (int i = 0; i < 50; i++) {
            download(100 * i);
        }
        download(LARGE);
        upload(LARGE);
        manyAtOnce(40);
    }

    private void download(int size) throws Exception {
        checkDownload(size, client.send(downloadOf(size), HttpResponse.BodyHandlers.ofByteArray()));
    }

    private HttpRequest downloadOf(int size) {
        return HttpRequest.newBuilder(base.resolve("/bytes/" + size)).build();
    }

    private void checkDownload(int size, HttpResponse<byte[]> response) {
        assertEquals(200, response.statusCode());
        assertEquals(version, response.version());
        assertEquals(size, response.body().length);
        new SeededBytes(size).check(ByteBuffer.wrap(response.body()));
    }

    private void upload(int size) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/echo"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        new SeededBytes(size).next(size).array()))
                .build();
        checkDownload(size, client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }

    private void manyAtOnce(int count) throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            responses.add(client.sendAsync(downloadOf(1000 * i), HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (int i = 0; i < count; i++) {
            checkDownload(1000 * i, responses.get(i).get(20, TimeUnit.SECONDS));
        }
    }
}
