package io.ringway.compat.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Selectors and datagram channels in virtual threads, of which there are more than carriers. */
class VirtualSelectTest {
    private static final int SELECTORS = 20;

    /** What a selector has to sleep for. */
    enum Registered {
        NOTHING,
        CONNECTION,
        DATAGRAM
    }

    private static Background<Integer> select(Selector selector) throws Exception {
        Background<Integer> select = Background.startVirtual(() -> selector.select());
        select.awaitInside("select");
        return select;
    }

    @ParameterizedTest
    @EnumSource
    void threadsBlockedInSelectLeaveTheCarriersToOthers(Registered registered) throws Exception {
        List<AutoCloseable> opened = new ArrayList<>();
        List<Background<Integer>> selects = new ArrayList<>();
        List<Selector> selectors = new ArrayList<>();
        try {
            for (int i = 0; i < SELECTORS; i++) {
                Selector selector = Selector.open();
                selectors.add(selector);
                opened.add(selector);
                if (registered == Registered.CONNECTION) {
                    TcpPair pair = TcpPair.open().configureBlocking(false);
                    opened.add(pair);
                    pair.client().register(selector, SelectionKey.OP_READ);
                } else if (registered == Registered.DATAGRAM) {
                    DatagramChannel channel = DatagramChannel.open().bind(Loopback.anyPort());
                    opened.add(channel);
                    channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                }
                selects.add(Background.startVirtual(() -> selector.select()));
            }
            for (Background<Integer> select : selects) {
                select.awaitInside("select");
            }
            assertEquals(7, Background.startVirtual(() -> 7).result());
            for (int i = 0; i < SELECTORS; i++) {
                selectors.get(i).wakeup();
                assertEquals(0, selects.get(i).result());
            }
        } finally {
            for (AutoCloseable each : opened) {
                each.close();
            }
        }
    }

    @Test
    void dataEndASelectOfAVirtualThread() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ);
            for (int i = 0; i < 20; i++) {
                try (Background<Integer> select = select(selector)) {
                    Io.write(pair.client(), "x");
                    assertEquals(1, select.result());
                }
                assertTrue(key.isReadable());
                assertEquals("x", Io.read(pair.server(), 1));
                selector.selectedKeys().clear();
            }
        }
    }

    @Test
    void interruptEndsASelectOfAVirtualThreadAndStaysSet() throws Exception {
        try (Selector selector = Selector.open();
                Background<Boolean> select = Background.startVirtual(() -> {
                    assertEquals(0, selector.select());
                    assertEquals(0, selector.select(key -> {}));
                    return Thread.interrupted();
                })) {
            select.awaitInside("select");
            select.thread().interrupt();
            assertTrue(select.result());
            assertTrue(selector.isOpen());
        }
    }

    @Test
    void closeEndsASelectOfAVirtualThread() throws Exception {
        Selector selector = Selector.open();
        try (Background<Integer> select = select(selector)) {
            Background.run(selector::close).result();
            assertEquals(0, select.result());
            assertFalse(selector.isOpen());
        }
    }

    @Test
    void aTimedSelectOfAVirtualThreadEnds() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.server().register(selector, SelectionKey.OP_READ);
            assertEquals(0, Background.startVirtual(() -> selector.select(20)).result());
            assertEquals(
                    0,
                    Background.startVirtual(() -> selector.select(key -> {}, 20))
                            .result());
        }
    }

    @Test
    void threadsBlockedInReceiveLeaveTheCarriersToOthers() throws Exception {
        List<DatagramChannel> channels = new ArrayList<>();
        List<Background<SocketAddress>> receivers = new ArrayList<>();
        try (DatagramChannel sender = DatagramChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < SELECTORS; i++) {
                DatagramChannel channel = DatagramChannel.open().bind(Loopback.anyPort());
                channels.add(channel);
                receivers.add(Background.startVirtual(() -> channel.receive(ByteBuffer.allocate(10))));
            }
            for (Background<SocketAddress> receiver : receivers) {
                receiver.awaitInside("receive");
            }
            assertEquals(7, Background.startVirtual(() -> 7).result());
            for (int i = 0; i < SELECTORS; i++) {
                sender.send(Io.bytes("x"), channels.get(i).getLocalAddress());
                assertEquals(sender.getLocalAddress(), receivers.get(i).result());
            }
        } finally {
            for (DatagramChannel channel : channels) {
                channel.close();
            }
        }
    }
}
