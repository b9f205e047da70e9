package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.TcpPair;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which monitors a selection holds, and what threads may do to a selector, its sets and its keys at once. */
class MonitorTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;

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
    void aNewSelectorIsOpenAndEmptyAndOfTheSystemsProvider() {
        assertTrue(selector.isOpen());
        assertSame(SelectorProvider.provider(), selector.provider());
        assertTrue(selector.keys().isEmpty());
        assertTrue(selector.selectedKeys().isEmpty());
    }

    private static void awaitBlocked(Background<?> background) throws Exception {
        Await.until("waits for a monitor", () -> background.thread().getState() == Thread.State.BLOCKED);
    }

    /** {@code call} takes the selector's monitor first, then that of the selected keys. */
    private void assertTakesBoth(Background.Action call) throws Exception {
        Set<SelectionKey> selected = selector.selectedKeys();
        Background<@Nullable Void> second;
        Background<@Nullable Void> first;
        synchronized (selected) {
            second = Background.run(call);
            awaitBlocked(second);
            first = Background.run(() -> {
                synchronized (selector) {
                    assertTrue(Thread.holdsLock(selector));
                }
            });
            awaitBlocked(first);
        }
        second.result();
        first.result();
    }

    @Test
    void aSelectionSynchronizesOnTheSelectorThenOnTheSelectedKeys() throws Exception {
        pair.client().register(selector, WRITE);
        assertTakesBoth(() -> selector.selectNow());
        assertTakesBoth(() -> selector.select());
        assertTakesBoth(() -> selector.select(10));
        assertTakesBoth(() -> selector.select(key -> {}));
    }

    @Test
    void closeSynchronizesOnTheSelectorThenOnTheSelectedKeys() throws Exception {
        pair.client().register(selector, WRITE);
        assertTakesBoth(() -> selector.close());
        assertFalse(pair.client().isRegistered());
    }

    @Test
    void anActionRunsUnderBothMonitors() throws Exception {
        pair.client().register(selector, WRITE);
        Set<SelectionKey> selected = selector.selectedKeys();
        Selector s = selector;
        assertEquals(1, s.select(key -> {
            assertTrue(Thread.holdsLock(s));
            assertTrue(Thread.holdsLock(selected));
        }));
    }

    @Test
    void anActionNeverSeesAnOperationTwiceInOneSelection() throws Exception {
        pair.client().register(selector, READ | WRITE);
        Io.write(pair.server(), "x");
        Await.until("readable", () -> {
            List<Integer> seen = new ArrayList<>();
            int unique = selector.selectNow(key -> seen.add(key.readyOps()));
            assertEquals(1, unique);
            int union = seen.stream().reduce(0, (a, b) -> a | b);
            assertEquals(union, seen.stream().mapToInt(Integer::intValue).sum());
            return union == (READ | WRITE);
        });
    }

    @Test
    void wakeupAndRegistrationNeedNeitherMonitor() throws Exception {
        synchronized (selector) {
            synchronized (selector.selectedKeys()) {
                SelectionKey key = Background.start(() -> pair.client().register(selector, READ))
                        .result();
                Background.start(selector::wakeup).result();
                Background.start(() -> key.interestOps(WRITE)).result();
                Background.run(key::cancel).result();
                assertEquals(1, Background.start(() -> selector.keys().size()).result());
                assertFalse(key.isValid());
            }
        }
    }

    @Test
    void withoutAnyInterestASelectionChangesNothing() throws Exception {
        SelectionKey key = pair.client().register(selector, WRITE);
        SelectionKey other = pair.server().register(selector, WRITE);
        assertEquals(2, selector.selectNow());
        selector.selectedKeys().remove(other);
        key.interestOps(0);
        other.interestOps(0);
        assertEquals(0, selector.selectNow());
        assertEquals(0, selector.selectNow(k -> {}));
        assertEquals(Set.of(key), selector.selectedKeys());
        assertEquals(WRITE, key.readyOps());
        assertEquals(WRITE, other.readyOps());
    }

    @Test
    void anIteratorOfTheSelectedKeysFailsFast() throws Exception {
        SelectionKey client = pair.client().register(selector, WRITE);
        SelectionKey server = pair.server().register(selector, WRITE);
        Set<SelectionKey> selected = selector.selectedKeys();
        assertEquals(2, selector.selectNow());
        Iterator<SelectionKey> afterRemove = selected.iterator();
        selected.remove(client);
        assertThrows(ConcurrentModificationException.class, afterRemove::next);
        Iterator<SelectionKey> afterSelect = selected.iterator();
        assertEquals(1, selector.selectNow());
        assertThrows(ConcurrentModificationException.class, afterSelect::next);
        Iterator<SelectionKey> afterClear = selected.iterator();
        afterClear.next();
        selected.clear();
        assertThrows(ConcurrentModificationException.class, afterClear::remove);
        assertEquals(2, selector.selectNow());
        Iterator<SelectionKey> afterCancel = selected.iterator();
        server.cancel();
        selector.selectNow();
        assertThrows(ConcurrentModificationException.class, afterCancel::next);
    }

    @Test
    void anIteratorOfTheSelectedKeysOutlivesItsOwnRemovals() throws Exception {
        pair.client().register(selector, WRITE);
        pair.server().register(selector, WRITE);
        for (int i = 0; i < 3; i++) {
            assertEquals(2, selector.selectNow());
            Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
            assertThrows(IllegalStateException.class, keys::remove);
            while (keys.hasNext()) {
                assertTrue(selector.keys().contains(keys.next()));
                keys.remove();
            }
            assertThrows(IllegalStateException.class, keys::remove);
            assertTrue(selector.selectedKeys().isEmpty());
        }
    }

    @Test
    void changesOfInterestByManyThreadsAreAtomic() throws Exception {
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_CONNECT);
        int[] bits = {READ, WRITE};
        List<Background<?>> threads = new ArrayList<>();
        for (int bit : bits) {
            threads.add(Background.run(() -> {
                for (int i = 0; i < 10_000; i++) {
                    assertEquals(0, key.interestOpsOr(bit) & bit);
                    assertEquals(bit, key.interestOpsAnd(~bit) & bit);
                }
            }));
        }
        for (Background<?> thread : threads) {
            thread.result();
        }
        assertEquals(SelectionKey.OP_CONNECT, key.interestOps());
    }

    @Test
    void anAttachmentIsHandedOverOnce() throws Exception {
        SelectionKey key = pair.client().register(selector, READ, 0);
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        List<Background<?>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int first = 1 + t * 1000;
            threads.add(Background.run(() -> {
                for (int i = first; i < first + 1000; i++) {
                    assertTrue(seen.add(key.attach(i)), "discarded twice");
                }
            }));
        }
        for (Background<?> thread : threads) {
            thread.result();
        }
        assertTrue(seen.add(key.attachment()));
        assertEquals(4001, seen.size());
    }

    @Test
    void aKeyIsCancelledByManyThreadsAtOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            SelectionKey key = pair.client().register(selector, READ);
            List<Background<?>> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                threads.add(Background.run(() -> {
                    key.cancel();
                    assertFalse(key.isValid());
                }));
            }
            threads.add(Background.run(selector::selectNow));
            for (Background<?> thread : threads) {
                thread.result();
            }
            selector.selectNow();
            assertTrue(selector.keys().isEmpty());
            assertFalse(pair.client().isRegistered());
        }
    }

    @Test
    void keysMayBeIteratedWhileOthersRegisterAndCancel() throws Exception {
        SelectionKey stays = pair.server().register(selector, 0);
        try (Background<@Nullable Void> other = Background.run(() -> {
            for (int i = 0; i < 500; i++) {
                pair.client().register(selector, READ).cancel();
                selector.selectNow();
            }
        })) {
            while (!other.isDone()) {
                boolean seen = false;
                for (SelectionKey key : selector.keys()) {
                    seen |= key == stays;
                }
                assertTrue(seen);
            }
            other.result();
        }
    }

    @Test
    void testsOfOperationsThatAChannelDoesNotSupportAreFalse() throws Exception {
        SelectionKey key = pair.client().register(selector, WRITE);
        assertEquals(1, selector.selectNow());
        assertTrue(key.isWritable());
        assertFalse(key.isAcceptable());
        assertEquals(0, key.readyOps() & ~key.channel().validOps());
        key.cancel();
        assertThrows(java.nio.channels.CancelledKeyException.class, key::isAcceptable);
        assertThrows(java.nio.channels.CancelledKeyException.class, key::isConnectable);
    }
}
