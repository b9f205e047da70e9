package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
}
