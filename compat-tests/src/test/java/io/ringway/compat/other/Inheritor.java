package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** Echoes what comes by the channel that it inherits, first in blocking mode and then with a selector. */
final class Inheritor {
    private Inheritor() {}

    public static void main(String[] arguments) throws Exception {
        try (SocketChannel channel = (SocketChannel) System.inheritedChannel();
                Selector selector = Selector.open()) {
            assertSame(channel, System.inheritedChannel());
            assertSame(channel, SelectorProvider.provider().inheritedChannel());
            assertTrue(channel.isBlocking());
            assertTrue(channel.isConnected());
            assertNotNull(channel.getLocalAddress());
            ByteBuffer buffer = ByteBuffer.allocate(100);
            channel.read(buffer);
            channel.write(buffer.flip());
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            while (true) {
                selector.select();
                if (channel.read(buffer.clear()) < 0) {
                    return;
                }
                channel.write(buffer.flip());
                selector.selectedKeys().remove(key);
            }
        }
    }
}
