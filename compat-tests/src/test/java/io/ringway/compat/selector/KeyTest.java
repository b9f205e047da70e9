package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;

    private TcpPair pair;
    private SocketChannel channel;
    private Selector selector;

    @BeforeEach
    void open() throws Exception {
        pair = TcpPair.open().configureBlocking(false);
        channel = pair.server();
        selector = Selector.open();
    }

    @AfterEach
    void close() throws Exception {
        selector.close();
        pair.close();
    }

    @Test
    void aNewKeyKnowsItsChannelSelectorInterestAndAttachment() throws Exception {
        Object attachment = new Object();
        SelectionKey key = channel.register(selector, READ, attachment);
        assertSame(channel, key.channel());
        assertSame(selector, key.selector());
        assertEquals(READ, key.interestOps());
        assertEquals(0, key.readyOps());
        assertTrue(key.isValid());
        assertSame(attachment, key.attachment());
        assertTrue(channel.isRegistered());
        assertSame(key, channel.keyFor(selector));
        assertTrue(selector.keys().contains(key));
        try (Selector other = Selector.open()) {
            assertNull(channel.keyFor(other));
        }
    }

    @Test
    void registeringAgainUpdatesInterestAndAttachmentOfTheSameKey() throws Exception {
        SelectionKey key = channel.register(selector, READ, "first");
        assertSame(key, channel.register(selector, WRITE, "second"));
        assertEquals(WRITE, key.interestOps());
        assertEquals("second", key.attachment());
        assertSame(key, channel.register(selector, 0));
        assertNull(key.attachment());
        assertEquals(1, selector.keys().size());
    }

    @Test
    void attachReplacesAndReturnsTheOldAttachment() throws Exception {
        SelectionKey key = channel.register(selector, READ, "old");
        assertEquals("old", key.attach("new"));
        assertEquals("new", key.attach(null));
        assertNull(key.attachment());
    }

    @Test
    void interestsInvalidForTheChannelAreRefused() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> channel.register(selector, SelectionKey.OP_ACCEPT));
        SelectionKey key = channel.register(selector, READ);
        assertThrows(IllegalArgumentException.class, () -> key.interestOps(SelectionKey.OP_ACCEPT));
        assertThrows(IllegalArgumentException.class, () -> key.interestOps(1 << 10));
        assertThrows(IllegalArgumentException.class, () -> key.interestOpsOr(SelectionKey.OP_ACCEPT));
        assertEquals(READ, key.interestOps());
    }

    @Test
    void interestIsSetCombinedAndMasked() throws Exception {
        SelectionKey key = channel.register(selector, 0);
        assertSame(key, key.interestOps(READ));
        assertEquals(READ, key.interestOpsOr(WRITE));
        assertEquals(READ | WRITE, key.interestOps());
        assertEquals(READ | WRITE, key.interestOpsAnd(~READ));
        assertEquals(WRITE, key.interestOps());
        assertEquals(WRITE, key.interestOpsAnd(0));
        assertEquals(0, key.interestOps());
    }

    @Test
    void aBlockingOrClosedChannelIsRefused() throws Exception {
        pair.client().configureBlocking(true);
        assertThrows(IllegalBlockingModeException.class, () -> pair.client().register(selector, READ));
        pair.client().close();
        assertThrows(ClosedChannelException.class, () -> pair.client().register(selector, READ));
        assertFalse(pair.client().isRegistered());
    }

    @Test
    void aCancelledKeyIsInvalidAtOnceAndGoneAfterTheNextSelect() throws Exception {
        SelectionKey key = channel.register(selector, WRITE);
        assertEquals(1, selector.selectNow());
        key.cancel();
        key.cancel();
        assertFalse(key.isValid());
        assertTrue(selector.keys().contains(key));
        assertTrue(channel.isRegistered());
        assertSame(key, channel.keyFor(selector));
        assertEquals(0, selector.selectNow());
        assertFalse(selector.keys().contains(key));
        assertFalse(selector.selectedKeys().contains(key));
        assertFalse(channel.isRegistered());
        assertNull(channel.keyFor(selector));
        assertTrue(channel.isOpen());
    }

    @Test
    void aCancelledKeyThrowsFromItsStateMethods() throws Exception {
        SelectionKey key = channel.register(selector, READ, "kept");
        key.cancel();
        assertThrows(CancelledKeyException.class, key::interestOps);
        assertThrows(CancelledKeyException.class, () -> key.interestOps(WRITE));
        assertThrows(CancelledKeyException.class, () -> key.interestOpsOr(WRITE));
        assertThrows(CancelledKeyException.class, () -> key.interestOpsAnd(0));
        assertThrows(CancelledKeyException.class, key::readyOps);
        assertThrows(CancelledKeyException.class, key::isReadable);
        assertThrows(CancelledKeyException.class, key::isWritable);
        assertSame(channel, key.channel());
        assertSame(selector, key.selector());
        assertEquals("kept", key.attachment());
    }

    @Test
    void registeringWhileACancelledKeyLingersIsRefusedUntilASelect() throws Exception {
        SelectionKey key = channel.register(selector, READ);
        key.cancel();
        assertThrows(CancelledKeyException.class, () -> channel.register(selector, READ));
        selector.selectNow();
        SelectionKey again = channel.register(selector, READ);
        assertNotSame(key, again);
        Io.write(pair.client(), "x");
        assertEquals(1, selector.select(10_000));
        assertTrue(again.isReadable());
        assertFalse(key.isValid());
    }

    @Test
    void everyKindOfSelectRemovesCancelledKeys() throws Exception {
        for (int i = 0; i < 4; i++) {
            channel.register(selector, 0).cancel();
            switch (i) {
                case 0 -> selector.selectNow();
                case 1 -> selector.select(1);
                case 2 -> selector.selectNow(key -> {});
                default -> selector.select(key -> {}, 1);
            }
            assertTrue(selector.keys().isEmpty());
        }
    }

    @Test
    void closingTheChannelCancelsItsKeys() throws Exception {
        try (Selector other = Selector.open()) {
            SelectionKey key = channel.register(selector, READ);
            SelectionKey second = channel.register(other, WRITE);
            channel.close();
            assertFalse(key.isValid());
            assertFalse(second.isValid());
            assertTrue(selector.keys().contains(key));
            assertEquals(0, selector.selectNow());
            assertEquals(0, other.selectNow());
            assertTrue(selector.keys().isEmpty());
            assertTrue(other.keys().isEmpty());
            assertFalse(channel.isRegistered());
        }
    }

    @Test
    void thePeerOfAClosedRegisteredChannelSeesTheEndWithoutAnotherSelect() throws Exception {
        channel.register(selector, READ);
        selector.selectNow();
        channel.close();
        selector.selectNow();
        assertEquals(-1, Io.readSome(pair.client(), ByteBuffer.allocate(1)));
    }

    @Test
    void aChannelRegistersWithSeveralSelectors() throws Exception {
        try (Selector other = Selector.open()) {
            SelectionKey first = channel.register(selector, READ);
            SelectionKey second = channel.register(other, READ | WRITE);
            assertNotSame(first, second);
            Io.write(pair.client(), "x");
            assertEquals(1, selector.select(10_000));
            assertEquals(READ, first.readyOps());
            assertEquals(1, other.select(10_000));
            assertTrue(second.isWritable());
            first.cancel();
            selector.selectNow();
            assertTrue(channel.isRegistered());
            assertTrue(second.isValid());
            other.selectedKeys().clear();
            assertEquals(1, other.select(10_000));
            assertEquals(READ | WRITE, second.readyOps());
        }
    }

    @Test
    void aKeyCancelledBetweenReadinessAndSelectIsNotSelected() throws Exception {
        SelectionKey key = channel.register(selector, READ);
        Io.write(pair.client(), "x");
        key.cancel();
        assertEquals(0, selector.selectNow());
        assertTrue(selector.selectedKeys().isEmpty());
        channel.configureBlocking(true);
        assertEquals("x", Io.read(channel, 1));
    }
}
