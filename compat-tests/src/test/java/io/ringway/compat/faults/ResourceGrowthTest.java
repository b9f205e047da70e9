package io.ringway.compat.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ProcFs;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.TimeLimit;
import java.io.Closeable;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing is left behind by connections that came and went. */
@TimeLimit(90)
class ResourceGrowthTest {
    private static final int FILES = 10;
    private static final int THREADS = 5;
    private static final int MAPPINGS = 300;
    private static final long SHARED_BYTES = 8 << 20;

    /** Runs the action once to warm up, then again, and waits until files, threads, mappings and memory are back. */
    private static void assertNothingGrows(Background.Action action) throws Exception {
        action.run();
        int files = ProcFs.openFiles();
        int threads = ProcFs.platformThreads();
        long mappings = ProcFs.mappings();
        long shared = ProcFs.sharedMemory();
        for (int i = 0; i < 4; i++) {
            action.run();
        }
        Await.until("open files are back at " + files, () -> ProcFs.openFiles() <= files + FILES);
        Await.until("threads are back at " + threads, () -> ProcFs.platformThreads() <= threads + THREADS);
        Await.until("mappings are back at " + mappings, () -> ProcFs.mappings() <= mappings + MAPPINGS);
        Await.until("shared memory is back at " + shared, () -> ProcFs.sharedMemory() <= shared + SHARED_BYTES);
    }

    @Test
    void tenThousandConnectionsOpenedAndClosed() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            assertNothingGrows(() -> {
                for (int i = 0; i < 2000; i++) {
                    try (TcpPair pair = TcpPair.open(listener, Loopback.IPV4)) {
                        Io.write(pair.client(), "x");
                        assertEquals("x", Io.read(pair.server(), 1));
                    }
                }
            });
        }
    }

    @Test
    void connectionsRegisteredAndClosed() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                Selector selector = Selector.open()) {
            assertNothingGrows(() -> {
                for (int i = 0; i < 300; i++) {
                    try (TcpPair pair = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false)) {
                        pair.server().register(selector, SelectionKey.OP_READ);
                        Io.write(pair.client(), "unread");
                        assertEquals(1, selector.select(10_000));
                        selector.selectedKeys().clear();
                    }
                    selector.selectNow();
                }
                assertEquals(0, selector.keys().size());
            });
        }
    }

    @Test
    void refusedConnections() throws Exception {
        InetSocketAddress nobody = Loopback.refusing();
        assertNothingGrows(() -> {
            for (int i = 0; i < 300; i++) {
                try (SocketChannel channel = SocketChannel.open(nobody)) {
                    throw new AssertionError("connected to nobody: " + channel);
                } catch (ConnectException e) {
                    assertEquals("Connection refused", e.getMessage());
                }
            }
        });
    }

    @Test
    void listenersAndSelectorsOpenedAndClosed() throws Exception {
        assertNothingGrows(() -> {
            for (int i = 0; i < 100; i++) {
                try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                        Selector selector = Selector.open();
                        SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
                    listener.configureBlocking(false);
                    listener.register(selector, SelectionKey.OP_ACCEPT);
                    assertEquals(1, selector.select(10_000));
                    listener.accept().close();
                    assertEquals(true, client.isOpen());
                }
            }
        });
    }

    @Test
    void aThousandSelectorsWithAConnectionEach() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                TcpPair lasting = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false)) {
            assertNothingGrows(() -> {
                for (int i = 0; i < 250; i++) {
                    try (TcpPair pair = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false);
                            Selector selector = Selector.open()) {
                        pair.server().register(selector, SelectionKey.OP_READ);
                        lasting.server().register(selector, SelectionKey.OP_READ);
                        Io.write(pair.client(), "x");
                        assertEquals(1, selector.select(10_000));
                        assertEquals("x", Io.read(pair.server(), 1));
                    }
                }
            });
            Io.pingPong(lasting);
        }
    }

    @Test
    void manySelectorsAtOnceWithAConnectionToAnotherProcessEach() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
            assertNothingGrows(() -> {
                List<Closeable> open = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    Selector selector = Selector.open();
                    SocketChannel channel = SocketChannel.open(address);
                    open.addAll(List.of(channel, selector));
                    channel.configureBlocking(false);
                    channel.register(selector, SelectionKey.OP_READ);
                    Io.write(channel, "x");
                    assertEquals(1, selector.select(10_000));
                    assertEquals("x", Io.read(channel, 1));
                }
                for (Closeable each : open) {
                    each.close();
                }
            });
        }
    }

    @Test
    void connectionsToAnotherProcess() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
            assertNothingGrows(() -> echo(address, 400));
        }
    }

    private static void echo(InetSocketAddress address, int connections) throws Exception {
        for (int i = 0; i < connections; i++) {
            try (SocketChannel channel = SocketChannel.open(address)) {
                Io.write(channel, "x");
                assertEquals("x", Io.read(channel, 1));
            }
        }
    }

    @Test
    void processesThatCameAndWent() throws Exception {
        assertNothingGrows(() -> {
            try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
                echo(new InetSocketAddress("127.0.0.1", (int) child.readNumber("port")), 10);
                child.kill();
            }
        });
    }
}
