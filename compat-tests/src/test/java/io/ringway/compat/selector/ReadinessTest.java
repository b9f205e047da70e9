package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;
    private static final int CONNECT = SelectionKey.OP_CONNECT;

    private TcpPair pair;
    private Selector selector;

    @BeforeEach
    void open() throws Exception {
        pair = TcpPair.open().configureBlocking(false);
        selector = Selector.open();
    }

    @AfterEach
    void close() throws Exception {
        selector.close();
        pair.close();
    }

    @Test
    void readReadinessStaysUntilEverythingIsRead() throws Exception {
        SelectionKey key = pair.server().register(selector, READ);
        Io.write(pair.client(), "abc");
        assertEquals(1, selector.select(10_000));
        selector.selectedKeys().clear();
        for (int i = 0; i < 3; i++) {
            assertEquals(1, selector.selectNow());
            assertEquals(READ, key.readyOps());
            selector.selectedKeys().clear();
            Io.read(pair.server(), 1);
        }
        assertEquals(0, selector.selectNow());
    }

    @Test
    void dataThatCameBeforeTheRegistrationIsSeen() throws Exception {
        Io.write(pair.client(), "x");
        try (Selector other = Selector.open()) {
            pair.server().register(other, READ);
            assertEquals(1, other.select(10_000));
        }
        pair.server().register(selector, READ);
        assertEquals(1, selector.select(10_000));
    }

    @Test
    void interestAddedLaterSeesWhatWasReadyAllAlong() throws Exception {
        SelectionKey key = pair.server().register(selector, 0);
        Io.write(pair.client(), "x");
        assertEquals(0, selector.select(20));
        key.interestOps(READ);
        assertEquals(1, selector.select(10_000));
        selector.selectedKeys().clear();
        key.interestOps(0);
        assertEquals(0, selector.selectNow());
        key.interestOps(WRITE);
        assertEquals(1, selector.selectNow());
        assertEquals(WRITE, key.readyOps());
        selector.selectedKeys().clear();
        key.interestOpsOr(READ);
        assertEquals(1, selector.selectNow());
        assertEquals(READ | WRITE, key.readyOps());
    }

    @Test
    void anIdleConnectionIsWritableAtOnceAndAlways() throws Exception {
        SelectionKey key = pair.client().register(selector, READ | WRITE);
        for (int i = 0; i < 3; i++) {
            assertEquals(1, selector.select());
            assertEquals(WRITE, key.readyOps());
            selector.selectedKeys().clear();
        }
    }

    @Test
    void theReadySetOfASelectedKeyIsUpdatedByAdding() throws Exception {
        SelectionKey key = pair.server().register(selector, READ | WRITE);
        assertEquals(1, selector.selectNow());
        assertEquals(WRITE, key.readyOps());
        Io.write(pair.client(), "x");
        Await.until("the ready set has grown", () -> {
            selector.selectNow();
            return key.readyOps() == (READ | WRITE);
        });
        Io.read(pair.server(), 1);
        selector.selectNow();
        assertEquals(READ | WRITE, key.readyOps(), "a selected key's ready set only grows");
    }

    @Test
    void theReadySetOfAKeyNotSelectedIsReplaced() throws Exception {
        SelectionKey key = pair.server().register(selector, READ | WRITE);
        Io.write(pair.client(), "x");
        Await.until("readable and writable", () -> {
            selector.selectedKeys().clear();
            selector.selectNow();
            return key.readyOps() == (READ | WRITE);
        });
        Io.read(pair.server(), 1);
        selector.selectedKeys().clear();
        assertEquals(1, selector.selectNow());
        assertEquals(WRITE, key.readyOps());
    }

    @Test
    void growthOfTheReadySetOfASelectedKeyIsCounted() throws Exception {
        SelectionKey key = pair.server().register(selector, READ | WRITE);
        assertEquals(1, selector.selectNow());
        assertEquals(0, selector.selectNow());
        Io.write(pair.client(), "x");
        int[] updates = {0};
        Await.until("readable", () -> {
            updates[0] += selector.selectNow();
            return key.isReadable();
        });
        assertEquals(1, updates[0]);
        assertEquals(0, selector.selectNow());
    }

    @Test
    void readinessOutsideTheInterestIsNotReported() throws Exception {
        SelectionKey key = pair.server().register(selector, READ);
        assertEquals(0, selector.selectNow());
        assertEquals(0, key.readyOps());
        Io.write(pair.client(), "x");
        assertEquals(1, selector.select(10_000));
        assertEquals(READ, key.readyOps());
        assertTrue(key.isReadable());
        assertFalse(key.isWritable());
        assertFalse(key.isAcceptable());
        assertFalse(key.isConnectable());
    }

    @Test
    void theReadySetKeepsWhatTheLastSelectFoundWhenInterestIsDropped() throws Exception {
        SelectionKey key = pair.server().register(selector, WRITE);
        assertEquals(1, selector.selectNow());
        key.interestOps(0);
        assertEquals(WRITE, key.readyOps());
        selector.selectNow();
        assertEquals(WRITE, key.readyOps());
    }

    @Test
    void connectReadinessAnnouncesASuccessfulConnect() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open()) {
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, CONNECT);
            boolean connected = client.connect(listener.getLocalAddress());
            if (!connected) {
                assertEquals(1, selector.select(10_000));
                assertEquals(CONNECT, key.readyOps());
                assertTrue(key.isConnectable());
                assertTrue(client.finishConnect());
            }
            selector.selectedKeys().clear();
            key.interestOps(READ | WRITE);
            assertEquals(1, selector.select(10_000));
            assertEquals(WRITE, key.readyOps());
        }
    }

    @Test
    void connectReadinessAnnouncesARefusal() throws Exception {
        try (SocketChannel client = SocketChannel.open()) {
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, CONNECT);
            assertThrows(ConnectException.class, () -> {
                client.connect(Loopback.refusing());
                assertEquals(1, selector.select(10_000));
                assertTrue(key.isConnectable());
                client.finishConnect();
            });
            assertFalse(client.isOpen());
            assertFalse(key.isValid());
            assertEquals(0, selector.selectNow());
            assertTrue(selector.keys().isEmpty());
        }
    }

    @Test
    void aChannelRegisteredBeforeItsConnectReadsAfterIt() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open()) {
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, CONNECT);
            client.connect(listener.getLocalAddress());
            Await.until("connected", client::finishConnect);
            key.interestOps(READ);
            selector.selectedKeys().clear();
            try (SocketChannel server = listener.accept()) {
                assertEquals(0, selector.selectNow());
                Io.write(server, "x");
                assertEquals(1, selector.select(10_000));
                assertTrue(key.isReadable());
            }
        }
    }

    @Test
    void interestChangedByAnotherThreadDuringASelectTakesEffectAtTheNextWakeup() throws Exception {
        SelectionKey key = pair.client().register(selector, READ);
        try (Background<Integer> select = Background.start(() -> {
            int selected = selector.select();
            return selected == 0 ? selector.select() : selected;
        })) {
            select.awaitInside("select");
            key.interestOps(READ | WRITE);
            selector.wakeup();
            assertEquals(1, select.result());
            assertEquals(WRITE, key.readyOps());
        }
    }

    @Test
    void aChannelRegisteredByAnotherThreadDuringASelectIsServedAfterAWakeup() throws Exception {
        try (Background<Integer> select = Background.start(() -> {
            int selected = selector.select();
            return selected == 0 ? selector.select() : selected;
        })) {
            select.awaitInside("select");
            SelectionKey key = pair.client().register(selector, WRITE);
            selector.wakeup();
            assertEquals(1, select.result());
            assertTrue(key.isWritable());
        }
    }

    @Test
    void aChannelClosedDuringASelectLeavesWithoutBeingSelected() throws Exception {
        pair.client().register(selector, READ);
        try (Background<Integer> select = Background.start(() -> selector.select())) {
            select.awaitInside("select");
            pair.client().close();
            selector.wakeup();
            assertEquals(0, select.result());
            selector.selectNow();
            assertTrue(selector.keys().isEmpty());
        }
        assertEquals(-1, Io.readSome(pair.server(), ByteBuffer.allocate(1)));
    }

    @Test
    void aKeyCancelledDuringASelectLeavesWithTheSameOrTheNextSelect() throws Exception {
        SelectionKey key = pair.client().register(selector, READ);
        try (Background<Integer> select = Background.start(() -> selector.select())) {
            select.awaitInside("select");
            key.cancel();
            selector.wakeup();
            assertEquals(0, select.result());
            selector.selectNow();
            assertTrue(selector.keys().isEmpty());
            assertFalse(pair.client().isRegistered());
        }
        pair.configureBlocking(true);
        Io.pingPong(pair);
    }

    @Test
    void readinessOfTheSameConnectionsTwoEndsIsSeparate() throws Exception {
        SelectionKey client = pair.client().register(selector, READ);
        SelectionKey server = pair.server().register(selector, READ);
        Io.write(pair.client(), "x");
        assertEquals(1, selector.select(10_000));
        assertTrue(server.isReadable());
        assertFalse(client.isReadable());
        assertEquals(Set.of(server), selector.selectedKeys());
    }

    @Test
    void afterTheEndWasReadTheKeyStaysReadableUntilItIsCancelled() throws Exception {
        SelectionKey key = pair.server().register(selector, READ);
        pair.client().close();
        for (int i = 0; i < 3; i++) {
            assertEquals(1, selector.select(10_000));
            assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
            selector.selectedKeys().clear();
        }
        key.cancel();
        assertEquals(0, selector.selectNow());
    }
}
