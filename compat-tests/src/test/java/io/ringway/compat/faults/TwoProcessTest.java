package io.ringway.compat.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.SeededBytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchange with a second JVM, on the same provider and on the JDK's. */
class TwoProcessTest {
    private static ChildJvm start(boolean childOnJdk, Class<?> program, Object... arguments) throws IOException {
        return childOnJdk ? ChildJvm.startOnJdk(program, arguments) : ChildJvm.start(program, arguments);
    }

    private static InetSocketAddress addressOf(ChildJvm server, Loopback loopback) throws InterruptedException {
        return new InetSocketAddress(loopback.connectAddress(), (int) server.readNumber("port"));
    }

    @Tag("smoke")
    @ParameterizedTest
    @EnumSource
    void aServerInAnotherProcessEchoes(Loopback loopback) throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, loopback)) {
            InetSocketAddress address = addressOf(child, loopback);
            ManagementBean.assertAccelerated(() -> echo(address, 200));
        }
    }

    private static void echo(InetSocketAddress address, int messages) throws Exception {
        try (SocketChannel channel = SocketChannel.open(address)) {
            for (int i = 0; i < messages; i++) {
                Io.write(channel, "%05d".formatted(i));
                assertEquals("%05d".formatted(i), Io.read(channel, 5));
            }
        }
    }

    @Test
    void aServerOnTheJdksProviderEchoes() throws Exception {
        try (ChildJvm child = ChildJvm.startOnJdk(EchoServer.class, Loopback.WILDCARD_BY_IPV4)) {
            echo(addressOf(child, Loopback.WILDCARD_BY_IPV4), 200);
        }
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twentyMegabytesGoThereAndBackThroughASelector(boolean childOnJdk) throws Exception {
        int total = 20_000_000;
        try (ChildJvm child = start(childOnJdk, EchoServer.class, Loopback.IPV4);
                SocketChannel channel = SocketChannel.open(addressOf(child, Loopback.IPV4));
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            SeededBytes sent = new SeededBytes(2);
            SeededBytes received = new SeededBytes(2);
            ByteBuffer out = ByteBuffer.allocateDirect(100_000).limit(0);
            ByteBuffer in = ByteBuffer.allocateDirect(100_000);
            while (received.position() < total) {
                selector.select(10_000);
                selector.selectedKeys().clear();
                if (!out.hasRemaining() && sent.position() < total) {
                    out = sent.next((int) Math.min(100_000, total - sent.position()));
                }
                channel.write(out);
                while (channel.read(in.clear()) > 0) {
                    received.check(in.flip());
                }
                boolean more = out.hasRemaining() || sent.position() < total;
                key.interestOps(more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"IPV4, false", "IPV4, true", "IPV6, false", "WILDCARD_BY_IPV4, false", "WILDCARD_BY_IPV6, true"})
    void aProcessSendsMegabytesToAListenerHere(Loopback loopback, boolean childOnJdk) throws Exception {
        int total = 10_000_000;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback.bindAddress())) {
            InetSocketAddress address = loopback.connectAddress(listener);
            try (ChildJvm child = start(
                            childOnJdk,
                            Sender.class,
                            address.getAddress().getHostAddress(),
                            address.getPort(),
                            total,
                            Sender.Ending.CLOSE);
                    SocketChannel channel = listener.accept()) {
                assertEquals(total, Child.receive(channel));
                child.expect("connected");
                assertEquals(total, child.readNumber("sent"));
                assertEquals(0, child.awaitExit());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProcessReceivesMegabytesFromAListenerHere(boolean childOnJdk) throws Exception {
        int total = 10_000_000;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = start(childOnJdk, Receiver.class, "127.0.0.1", port);
                    SocketChannel channel = listener.accept()) {
                Child.send(channel, total);
                channel.shutdownOutput();
                child.expect("connected");
                assertEquals(total, child.readNumber("received"));
                assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
                child.endInput();
                assertEquals(0, child.awaitExit());
            }
        }
    }

    @Test
    void fiftyConnectionsToOneProcessEchoAtOnce() throws Exception {
        List<SocketChannel> channels = new ArrayList<>();
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress address = addressOf(child, Loopback.IPV4);
            for (int i = 0; i < 50; i++) {
                channels.add(SocketChannel.open(address));
            }
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 50; i++) {
                    Io.write(channels.get(i), "%02d:%02d".formatted(round, i));
                }
                for (int i = 49; i >= 0; i--) {
                    assertEquals("%02d:%02d".formatted(round, i), Io.read(channels.get(i), 5));
                }
            }
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void twoProcessesTalkToOneListenerAtOnce() throws Exception {
        int total = 5_000_000;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm one = ChildJvm.start(Sender.class, "127.0.0.1", port, total, Sender.Ending.CLOSE);
                    ChildJvm two = ChildJvm.startOnJdk(Sender.class, "127.0.0.1", port, total, Sender.Ending.CLOSE);
                    SocketChannel first = listener.accept();
                    SocketChannel second = listener.accept();
                    Background<@Nullable Void> reader =
                            Background.run(() -> assertEquals(total, Child.receive(first)))) {
                assertEquals(total, Child.receive(second));
                reader.result();
                assertEquals(0, one.awaitExit());
                assertEquals(0, two.awaitExit());
            }
        }
    }

    @Test
    void theKernelPathIsNeverCountedAsAccelerated() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            echo(addressOf(child, Loopback.IPV4), 20);
        }
        if (ProviderUnderTest.current() == ProviderUnderTest.KERNEL) {
            assertEquals(0, ManagementBean.acceleratedConnections());
        }
    }
}
