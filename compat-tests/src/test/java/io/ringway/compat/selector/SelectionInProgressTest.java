package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to keys and channels while a thread is blocked in a selection. */
class SelectionInProgressTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;
    private static final int CONNECT = SelectionKey.OP_CONNECT;

    private Selector selector;
    private TcpPair pair;
    /** Ends a selection in which nothing else becomes ready. */
    private Pipe ender;

    private SelectionKey enderKey;

    @BeforeEach
    void open() throws Exception {
        selector = Selector.open();
        pair = TcpPair.open().configureBlocking(false);
        ender = Pipe.open();
        ender.source().configureBlocking(false);
        enderKey = ender.source().register(selector, READ);
    }

    @AfterEach
    void close() throws Exception {
        selector.close();
        pair.close();
        ender.sink().close();
        ender.source().close();
    }

    private Background<Integer> select() throws Exception {
        Background<Integer> select = Background.start(() -> selector.select());
        select.awaitInside("select");
        return select;
    }

    /** A channel that can be written and read, and whoever makes it readable. */
    enum Kind {
        CONNECTION {
            @Override
            Subject open() throws Exception {
                TcpPair pair = TcpPair.open();
                return new Subject(pair.server(), READ, () -> Io.write(pair.client(), "x"), pair::close);
            }
        },
        DATAGRAM {
            @Override
            Subject open() throws Exception {
                DatagramChannel channel = DatagramChannel.open().bind(Loopback.anyPort());
                return new Subject(
                        channel,
                        READ,
                        () -> {
                            try (DatagramChannel sender = DatagramChannel.open()) {
                                sender.send(Io.bytes("x"), channel.getLocalAddress());
                            }
                        },
                        channel::close);
            }
        },
        SOURCE {
            @Override
            Subject open() throws Exception {
                Pipe pipe = Pipe.open();
                return new Subject(pipe.source(), READ, () -> Io.write(pipe.sink(), "x"), () -> {
                    pipe.source().close();
                    pipe.sink().close();
                });
            }
        },
        LISTENER {
            @Override
            Subject open() throws Exception {
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open();
                return new Subject(
                        listener, SelectionKey.OP_ACCEPT, () -> client.connect(listener.getLocalAddress()), () -> {
                            listener.close();
                            client.close();
                        });
            }
        };

        abstract Subject open() throws Exception;
    }

    record Subject(SelectableChannel channel, int operation, Background.Action arrival, Closeable closing)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            closing.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterestAddedIsLeftToTheNextSelection(Kind kind) throws Exception {
        try (Subject subject = kind.open()) {
            subject.channel().configureBlocking(false);
            SelectionKey key = subject.channel().register(selector, 0);
            subject.arrival().run();
            try (Background<Integer> select = select()) {
                key.interestOps(subject.operation());
                select.awaitInside("select");
                Io.write(ender.sink(), "x");
                assertEquals(1, select.result());
            }
            assertEquals(Set.of(enderKey), selector.selectedKeys());
            assertEquals(1, selector.select(10_000));
            assertEquals(subject.operation(), key.readyOps());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRegistrationIsLeftToTheNextSelection(Kind kind) throws Exception {
        try (Subject subject = kind.open()) {
            subject.channel().configureBlocking(false);
            SelectionKey key;
            try (Background<Integer> select = select()) {
                key = subject.channel().register(selector, subject.operation());
                subject.arrival().run();
                select.awaitInside("select");
                assertTrue(selector.keys().contains(key));
                Io.write(ender.sink(), "x");
                assertEquals(1, select.result());
            }
            assertEquals(Set.of(enderKey), selector.selectedKeys());
            assertEquals(1, selector.select(10_000));
            assertEquals(subject.operation(), key.readyOps());
        }
    }

    /** The documentation says that the selection in progress doesn't see it; the JDK's does, and ends with nothing. */
    @ParameterizedTest
    @EnumSource
    void anInterestDroppedIsNotSelectedAndItsEventEndsTheSelection(Kind kind) throws Exception {
        try (Subject subject = kind.open()) {
            subject.channel().configureBlocking(false);
            SelectionKey key = subject.channel().register(selector, subject.operation());
            try (Background<Integer> select = select()) {
                key.interestOps(0);
                select.awaitInside("select");
                subject.arrival().run();
                assertEquals(0, select.result());
            }
            assertTrue(selector.selectedKeys().isEmpty());
            assertEquals(0, key.readyOps());
            try (Background<Integer> select = select()) {
                Io.write(ender.sink(), "x");
                assertEquals(1, select.result());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEventOfACancelledKeyEndsTheSelectionWithNothingSelected(Kind kind) throws Exception {
        try (Subject subject = kind.open()) {
            subject.channel().configureBlocking(false);
            SelectionKey key = subject.channel().register(selector, subject.operation());
            try (Background<Integer> select = select()) {
                key.cancel();
                select.awaitInside("select");
                assertTrue(selector.keys().contains(key));
                subject.arrival().run();
                assertEquals(0, select.result());
            }
            assertTrue(selector.selectedKeys().isEmpty());
            assertEquals(Set.of(enderKey), selector.keys());
            assertFalse(subject.channel().isRegistered());
        }
    }

    @Test
    void theEndOfAClosedChannelsPeerEndsTheSelection() throws Exception {
        pair.client().register(selector, READ);
        try (Background<Integer> select = select()) {
            pair.client().close();
            select.awaitInside("select");
            pair.server().close();
            assertEquals(0, select.result());
        }
        assertEquals(Set.of(enderKey), selector.keys());
    }

    @Test
    void whatAClosedChannelsPeerWritesEndsTheSelection() throws Exception {
        pair.client().register(selector, READ);
        try (Background<Integer> select = select()) {
            pair.client().close();
            select.awaitInside("select");
            Io.write(pair.server(), "x");
            assertEquals(0, select.result());
        }
    }

    @Test
    void aResetByAClosedChannelsPeerEndsTheSelection() throws Exception {
        pair.client().register(selector, READ);
        try (Background<Integer> select = select()) {
            pair.client().close();
            select.awaitInside("select");
            pair.server().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.server().close();
            assertEquals(0, select.result());
        }
    }

    @Test
    void thePeerOfAClosedChannelWithoutInterestDoesNotEndTheSelection() throws Exception {
        pair.client().register(selector, 0);
        try (Background<Integer> select = select()) {
            pair.client().close();
            pair.server().close();
            select.awaitInside("select");
            Io.write(ender.sink(), "x");
            assertEquals(1, select.result());
        }
    }

    @Test
    void whatThisEndShutsMayEndTheSelection() throws Exception {
        SelectionKey key = pair.client().register(selector, READ);
        try (Background<Integer> select = select()) {
            pair.client().shutdownOutput();
            select.awaitInside("select");
            pair.client().shutdownInput();
            assertEquals(1, select.result());
            assertTrue(key.isReadable());
        }
    }

    /** The kernel has one event for both: a selector of the JDK's never sleeps beside such a channel. */
    @ParameterizedTest
    @ValueSource(ints = {CONNECT, CONNECT | READ})
    void interestInConnectOfAConnectedChannelEndsEverySelection(int interest) throws Exception {
        SelectionKey key = pair.client().register(selector, interest);
        for (int i = 0; i < 3; i++) {
            assertEquals(0, selector.select());
            assertEquals(0, selector.select(60_000));
            assertEquals(0, selector.select(k -> {}));
        }
        assertEquals(0, key.readyOps());
        key.interestOps(READ);
        try (Background<Integer> select = select()) {
            Io.write(ender.sink(), "x");
            assertEquals(1, select.result());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {WRITE, READ | WRITE})
    void interestInWritingBeforeFinishConnectEndsTheSelection(int interest) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, interest);
            if (channel.connect(listener.getLocalAddress())) {
                return;
            }
            assertEquals(0, selector.select());
            assertEquals(0, key.readyOps());
            assertTrue(channel.finishConnect());
            assertEquals(1, selector.select());
            assertEquals(WRITE, key.readyOps());
        }
    }

    @Test
    void dataBeforeFinishConnectEndTheSelectionWithNothingSelected() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, READ);
            if (channel.connect(listener.getLocalAddress())) {
                return;
            }
            try (SocketChannel server = listener.accept();
                    Background<Integer> select = select()) {
                Io.write(server, "x");
                assertEquals(0, select.result());
            }
            assertEquals(0, key.readyOps());
            assertTrue(channel.finishConnect());
            assertEquals(1, selector.select());
            assertEquals(READ, key.readyOps());
        }
    }

    @Test
    void aConnectionWithoutRoomLetsASelectionWithInterestInConnectSleep() throws Exception {
        Io.writeUntilFull(pair.client(), 64 << 10);
        SelectionKey key = pair.client().register(selector, CONNECT);
        try (Background<Integer> select = select()) {
            Io.write(ender.sink(), "x");
            assertEquals(1, select.result());
        }
        assertEquals(0, key.readyOps());
    }
}
