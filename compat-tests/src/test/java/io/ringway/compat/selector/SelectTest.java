package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelectTest {
    /** The ways to select that may block. */
    enum Way {
        SELECT {
            @Override
            int select(Selector selector) throws Exception {
                return selector.select();
            }
        },
        SELECT_WITH_TIMEOUT {
            @Override
            int select(Selector selector) throws Exception {
                return selector.select(60_000);
            }
        },
        SELECT_WITH_CONSUMER {
            @Override
            int select(Selector selector) throws Exception {
                return selector.select(key -> {});
            }
        },
        SELECT_WITH_CONSUMER_AND_TIMEOUT {
            @Override
            int select(Selector selector) throws Exception {
                return selector.select(key -> {}, 60_000);
            }
        };

        abstract int select(Selector selector) throws Exception;

        boolean leavesKeysSelected() {
            return this == SELECT || this == SELECT_WITH_TIMEOUT;
        }
    }

    @Test
    void anEmptySelectorSelectsNothing() throws Exception {
        try (Selector selector = Selector.open()) {
            assertTrue(selector.isOpen());
            assertEquals(0, selector.selectNow());
            assertEquals(0, selector.select(1));
            assertEquals(0, selector.selectNow(key -> {}));
            assertEquals(0, selector.select(key -> {}, 1));
            assertTrue(selector.keys().isEmpty());
            assertTrue(selector.selectedKeys().isEmpty());
        }
    }

    @Test
    void aTimedSelectWithoutEventsReturnsZeroAndNotTooEarly() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.server().register(selector, SelectionKey.OP_READ);
            long start = System.nanoTime();
            assertEquals(0, selector.select(100));
            assertEquals(0, selector.select(key -> {}, 100));
            long elapsed = System.nanoTime() - start;
            assertTrue(elapsed > 190_000_000, () -> "returned after " + elapsed + " ns");
        }
    }

    @Test
    void aNegativeTimeoutIsRefused() throws Exception {
        try (Selector selector = Selector.open()) {
            assertThrows(IllegalArgumentException.class, () -> selector.select(-1));
            assertThrows(IllegalArgumentException.class, () -> selector.select(key -> {}, -1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBlockedSelectReturnsWhenDataArrives(Way way) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ);
            try (Background<Integer> select = Background.start(() -> way.select(selector))) {
                select.awaitInside("select");
                Io.write(pair.client(), "x");
                assertEquals(1, select.result());
            }
            assertTrue(key.isReadable());
            assertEquals(way.leavesKeysSelected(), selector.selectedKeys().contains(key));
        }
    }

    @ParameterizedTest
    @EnumSource
    void wakeupEndsABlockedSelect(Way way) throws Exception {
        try (Selector selector = Selector.open();
                Background<Integer> select = Background.start(() -> way.select(selector))) {
            select.awaitInside("select");
            assertSame(selector, selector.wakeup());
            assertEquals(0, select.result());
        }
    }

    @ParameterizedTest
    @EnumSource
    void wakeupBeforehandMakesTheNextSelectReturnAtOnce(Way way) throws Exception {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < 3; i++) {
                selector.wakeup();
                selector.wakeup();
                assertEquals(0, way.select(selector));
            }
        }
    }

    @Test
    void selectNowConsumesAWakeup() throws Exception {
        try (Selector selector = Selector.open()) {
            selector.wakeup();
            assertEquals(0, selector.selectNow());
            long start = System.nanoTime();
            assertEquals(0, selector.select(50));
            assertTrue(System.nanoTime() - start > 45_000_000, "the wake-up was not consumed");
        }
    }

    @Test
    void severalWakeupsCountAsOne() throws Exception {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < 100; i++) {
                selector.wakeup();
            }
            assertEquals(0, selector.select());
            long start = System.nanoTime();
            assertEquals(0, selector.select(50));
            assertTrue(System.nanoTime() - start > 45_000_000, "one wake-up ended two selects");
        }
    }

    @Test
    void wakeupAfterCloseIsHarmless() throws Exception {
        Selector selector = Selector.open();
        selector.close();
        assertSame(selector, selector.wakeup());
    }

    @Test
    void tenThousandWakeupsFromAnotherThreadAreNeverLost() throws Exception {
        int rounds = 10_000;
        try (Selector selector = Selector.open()) {
            SynchronousQueue<Integer> turns = new SynchronousQueue<>();
            try (Background<@Nullable Void> waker = Background.run(() -> {
                for (int i = 0; i < rounds; i++) {
                    turns.take();
                    selector.wakeup();
                }
            })) {
                for (int i = 0; i < rounds; i++) {
                    turns.put(i);
                    assertEquals(0, selector.select());
                }
                waker.result();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsABlockedSelectAndStaysSet(Way way) throws Exception {
        try (Selector selector = Selector.open();
                Background<Boolean> select = Background.start(() -> {
                    assertEquals(0, way.select(selector));
                    return Thread.interrupted();
                })) {
            select.awaitInside("select");
            select.thread().interrupt();
            assertTrue(select.result());
            assertTrue(selector.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadDoesNotBlockInSelect(Way way) throws Exception {
        try (Selector selector = Selector.open();
                Background<Boolean> select = Background.start(() -> {
                    Thread.currentThread().interrupt();
                    assertEquals(0, way.select(selector));
                    assertEquals(0, way.select(selector));
                    return Thread.interrupted();
                })) {
            assertTrue(select.result());
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeEndsABlockedSelect(Way way) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            Selector selector = Selector.open();
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            try (Background<Integer> select = Background.start(() -> way.select(selector))) {
                select.awaitInside("select");
                selector.close();
                assertEquals(0, select.result());
            }
            assertFalse(selector.isOpen());
            assertFalse(key.isValid());
            assertFalse(pair.client().isRegistered());
            assertTrue(pair.client().isOpen());
        }
    }

    @Test
    void aClosedSelectorRefusesEverything() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            Selector selector = Selector.open();
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            selector.close();
            selector.close();
            assertFalse(selector.isOpen());
            assertThrows(ClosedSelectorException.class, selector::select);
            assertThrows(ClosedSelectorException.class, selector::selectNow);
            assertThrows(ClosedSelectorException.class, () -> selector.select(1));
            assertThrows(ClosedSelectorException.class, () -> selector.select(k -> {}));
            assertThrows(ClosedSelectorException.class, selector::keys);
            assertThrows(ClosedSelectorException.class, selector::selectedKeys);
            assertThrows(ClosedSelectorException.class, () -> pair.client().register(selector, SelectionKey.OP_READ));
            assertFalse(key.isValid());
            assertThrows(CancelledKeyException.class, key::interestOps);
            assertSame(selector, key.selector());
            assertSame(pair.client(), key.channel());
        }
    }

    @Test
    void theChannelRegistersElsewhereAfterItsSelectorClosed() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            Selector first = Selector.open();
            pair.server().register(first, SelectionKey.OP_READ);
            Io.write(pair.client(), "x");
            assertEquals(1, first.select(10_000));
            first.close();
            try (Selector second = Selector.open()) {
                SelectionKey key = pair.server().register(second, SelectionKey.OP_READ);
                assertEquals(1, second.select(10_000));
                assertTrue(key.isReadable());
                assertEquals(1, pair.server().read(ByteBuffer.allocate(2)));
            }
            pair.server().configureBlocking(true);
        }
    }

    @Test
    void aDataArrivalDuringASelectOfAnotherThreadIsSeenOnce() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.server().register(selector, SelectionKey.OP_READ);
            CountDownLatch read = new CountDownLatch(1);
            try (Background<Integer> loop = Background.start(() -> {
                int events = 0;
                for (int got = 0; got < 1000; ) {
                    events += selector.select();
                    selector.selectedKeys().clear();
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    got += Math.max(0, pair.server().read(buffer));
                }
                read.countDown();
                return events;
            })) {
                for (int i = 0; i < 1000; i++) {
                    Io.write(pair.client(), "y");
                }
                assertTrue(loop.result() <= 1000);
                assertEquals(0, read.getCount());
            }
        }
    }
}
