package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Sends a datagram by the channel that it inherits, and another one when a selector shows an answer. */
final class DatagramInheritor {
    private DatagramInheritor() {}

    public static void main(String[] arguments) throws Exception {
        try (DatagramChannel channel = (DatagramChannel) System.inheritedChannel();
                Selector selector = Selector.open()) {
            assertSame(channel, System.inheritedChannel());
            assertTrue(channel.isBlocking());
            assertNotNull(channel.getLocalAddress());
            SocketAddress peer = new InetSocketAddress(Loopback.IPV6.connectAddress(), Integer.parseInt(arguments[0]));
            channel.send(Io.bytes("hello"), peer);
            SelectionKey key = channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            assertEquals(1, selector.select(10_000));
            assertSame(channel, key.channel());
            ByteBuffer buffer = ByteBuffer.allocate(100);
            assertEquals(peer, channel.receive(buffer));
            channel.send(buffer.flip(), peer);
        }
    }
}
