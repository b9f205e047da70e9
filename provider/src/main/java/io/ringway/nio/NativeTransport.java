package io.ringway.nio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks whether Netty has loaded one of its native transports, whose channels go past every selector provider. */
final class NativeTransport {
    private static final Path MAPPED = Path.of("/proc/self/maps");
    private static final String LIBRARY = "netty_transport_native_";

    private NativeTransport() {}

    /** What the user should know about this process, in a line; null if there is nothing to tell. */
    static @Nullable String line() {
        // A file's name may be in any encoding.
        try (Stream<String> mapped = Files.lines(MAPPED, StandardCharsets.ISO_8859_1)) {
            return line(mapped);
        } catch (IOException e) {
            return null;
        }
    }

    /** The same for a process that has these files mapped. */
    static @Nullable String line(Stream<String> mapped) {
        return mapped.filter(file -> file.contains(LIBRARY))
                .findFirst()
                .map(file -> file.contains(LIBRARY + "epoll") ? "epoll" : "io_uring")
                .map(name -> "ringway: Netty has loaded its native transport " + name
                        + ", whose connections go past Ringway; -Dio.netty.transport.noNative=true turns it off")
                .orElse(null);
    }
}
