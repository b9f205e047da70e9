package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NativeTransportTest {
    @Test
    void aLoadedTransportIsNamed() {
        String line = NativeTransport.line(Stream.of(
                "7f0 r-xp /usr/lib/libc.so.6",
                "7f1 r-xp /tmp/libnetty_transport_native_epoll_x86_64123.so (deleted)",
                "7f2 rw-p /tmp/libnetty_transport_native_epoll_x86_64123.so (deleted)"));
        assertEquals(
                "ringway: Netty has loaded its native transport epoll, whose connections go past Ringway;"
                        + " -Dio.netty.transport.noNative=true turns it off",
                line);
    }

    @Test
    void nothingIsSaidOfAProcessWithoutOne() {
        assertNull(NativeTransport.line(Stream.of("7f0 r-xp /usr/lib/libc.so.6", "7f1 rw-p")));
        assertNull(NativeTransport.line());
    }
}
