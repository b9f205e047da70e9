package io.ringway.nio;

import static io.ringway.nio.SeveralPorts.bytes;
import static io.ringway.nio.SeveralPorts.connect;
import static io.ringway.nio.SeveralPorts.datapath;
import static io.ringway.nio.SeveralPorts.guest;
import static io.ringway.nio.SeveralPorts.listen;
import static io.ringway.nio.SeveralPorts.port;
import static io.ringway.nio.SeveralPorts.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Packets of several ports in one file, with what else stands around a port. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SeveralCapturesTest extends TwoDirectories {
    private static final int DESCRIPTION = 1;
    private static final int PACKET = 6;

    @Test
    void eachPortHasItsPacketsInTheFile() throws Exception {
        Path file = temporary.resolve("both.pcapng");
        String[] settings = {"ringway.capture", file.toString(), "ringway.fabric.mtu", "1500"};
        try (ServerSocketChannel server = listen(guest(settings, a, b));
                SocketChannel ofA = connect(guest(a), server);
                SocketChannel first = server.accept();
                SocketChannel ofB = connect(guest(b), server);
                SocketChannel second = server.accept()) {
            assertEquals("fabric", port(first));
            assertEquals("fabric-2", port(second));
            ofA.write(bytes("to the first"));
            assertEquals("to the first", read(first, 12));
            ofB.write(bytes("to the second"));
            assertEquals("to the second", read(second, 13));
            second.write(bytes("s".repeat(5_000)));
            assertEquals("s".repeat(5_000), read(ofB, 5_000));
            datapath(server).ending();
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
            assertEquals(2, count(all, DESCRIPTION, 0, ""));
            assertEquals(1, count(all, PACKET, 0, "to the first"));
            assertEquals(0, count(all, PACKET, 1, "to the first"));
            assertEquals(1, count(all, PACKET, 1, "to the second"));
            assertEquals(4, count(all, PACKET, 1, "sss"), "as on the wire");
            Map<String, Map<String, Long>> counted = datapath(server).portCounters();
            assertEquals(1, counted.get("fabric-2").get("superSegments"));
            assertEquals(0, counted.get("fabric").get("superSegments"));
        }
    }

    /** Blocks of that type that contain a text, and, if they are packets, come from that interface. */
    private static int count(ByteBuffer all, int type, int port, String text) {
        int count = 0;
        int at = 0;
        while (at < all.limit()) {
            int length = all.getInt(at + 4);
            assertTrue(length >= 12, "block of " + length + " bytes");
            String content = new String(all.array(), at, length, StandardCharsets.ISO_8859_1);
            boolean ofPort = type != PACKET || all.getInt(at + 8) == port;
            count += all.getInt(at) == type && ofPort && content.contains(text) ? 1 : 0;
            at += length;
        }
        return count;
    }
}
