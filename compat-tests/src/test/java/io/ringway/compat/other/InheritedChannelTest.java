package io.ringway.compat.other;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** A program whose standard input is a connection, as inetd and systemd start it. */
class InheritedChannelTest {
    @Test
    void theInheritedChannelWorksInEitherModeAndInASelector() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                ChildJvm child =
                        ChildJvm.startOnConnection((InetSocketAddress) listener.getLocalAddress(), Inheritor.class);
                SocketChannel channel = listener.accept()) {
            Io.write(channel, "first");
            assertEquals("first", Io.read(channel, 5));
            Io.write(channel, "second");
            assertEquals("second", Io.read(channel, 6));
            channel.shutdownOutput();
            assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
            assertEquals(0, child.awaitExit());
        }
    }

    /** By IPv6: over an inherited IPv4 socket the JDK sends nothing unless IPv6 is switched off. */
    @Test
    void anInheritedDatagramSocketIsADatagramChannel() throws Exception {
        try (DatagramChannel peer = DatagramChannel.open().bind(Loopback.IPV6.bindAddress());
                ChildJvm child = ChildJvm.startOnDatagrams(
                        (InetSocketAddress) peer.getLocalAddress(), DatagramInheritor.class)) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            SocketAddress from = peer.receive(buffer);
            assertEquals("hello", UTF_8.decode(buffer.flip()).toString());
            peer.send(Io.bytes("answer"), from);
            assertEquals(from, peer.receive(buffer.clear()));
            assertEquals("answer", UTF_8.decode(buffer.flip()).toString());
            assertEquals(0, child.awaitExit());
        }
    }
}
