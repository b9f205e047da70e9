package io.ringway.compat.surroundings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TimeLimit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process in a container with little memory, to which what it shares with others is charged. */
@TimeLimit(90)
class MemoryLimitTest {
    private static final long MEGABYTE = 1 << 20;
    private static final int CONNECTIONS = 40;
    private static final long MOST = 100 * MEGABYTE;

    private static ChildJvm start(MemoryGroup group, Class<?> program, Object... arguments) throws IOException {
        return ChildJvm.startAfter(group.joining(), List.of("-Xmx64m"), program, arguments);
    }

    @ParameterizedTest
    @ValueSource(ints = {160, 256})
    void whatAProcessWritesToSlowReadersStaysWithinItsContainer(int megabytes) throws Exception {
        try (MemoryGroup group = MemoryGroup.of(megabytes * MEGABYTE);
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = start(group, StallingWriter.class, "127.0.0.1", port, CONNECTIONS);
                    Background<List<SocketChannel>> acceptor = Background.start(() -> acceptAll(listener))) {
                List<SocketChannel> channels = acceptor.result();
                long written = child.readNumber("written");
                child.endInput();
                long received = 0;
                for (SocketChannel channel : channels) {
                    received += Io.countToEnd(channel);
                    channel.close();
                }
                assertEquals(written + child.readNumber("streamed"), received);
                assertEquals(0, child.awaitExit());
            }
            assertEquals(0, group.killed());
        }
    }

    /** What small messages take while nobody reads them doesn't come out of the reader's heap. */
    @Test
    void aReaderWithASmallHeapMayStall() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = ChildJvm.startWith(
                            List.of("-Xmx48m"), StalledReader.class, "127.0.0.1", port, CONNECTIONS);
                    Background<List<SocketChannel>> acceptor = Background.start(() -> acceptAll(listener))) {
                List<SocketChannel> channels = acceptor.result();
                child.expect("connected");
                long written = writeSmallMessages(channels);
                for (SocketChannel channel : channels) {
                    channel.shutdownOutput();
                }
                child.endInput();
                assertEquals(written, child.readNumber("read"));
                assertEquals(0, child.awaitExit());
                for (SocketChannel channel : channels) {
                    channel.close();
                }
            }
        }
    }

    /** In turn, up to what nobody takes any more. */
    private static long writeSmallMessages(List<SocketChannel> channels) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(100);
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
        }
        long total = 0;
        long before = -1;
        while (total < MOST && total != before) {
            before = total;
            for (SocketChannel channel : channels) {
                for (int i = 0; i < 10; i++) {
                    total += channel.write(message.clear());
                }
            }
        }
        return total;
    }

    private static List<SocketChannel> acceptAll(ServerSocketChannel listener) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        while (channels.size() < CONNECTIONS) {
            channels.add(listener.accept());
        }
        return channels;
    }
}
