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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** {@code select(Consumer)}. */
class ConsumerTest {
    @Test
    void theActionGetsEveryReadyKeyAndTheSelectedSetStaysEmpty() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            SelectionKey client = pair.client().register(selector, SelectionKey.OP_WRITE);
            SelectionKey server = pair.server().register(selector, SelectionKey.OP_WRITE);
            List<SelectionKey> seen = new ArrayList<>();
            assertEquals(2, selector.select(seen::add));
            assertTrue(seen.contains(client) && seen.contains(server));
            assertTrue(selector.selectedKeys().isEmpty());
            assertEquals(2, selector.selectNow(key -> {}));
            assertEquals(2, selector.select(key -> {}, 10_000));
        }
    }

    @Test
    void theReadySetIsReplacedWhenTheKeyIsNotSelected() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            assertEquals(1, selector.select(k -> assertEquals(SelectionKey.OP_WRITE, k.readyOps())));
            Io.write(pair.client(), "x");
            Await.until("readable and writable", () -> {
                selector.select(k -> {});
                return key.readyOps() == (SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            });
            assertEquals(1, pair.server().read(ByteBuffer.allocate(1)));
            selector.select(k -> {});
            assertEquals(SelectionKey.OP_WRITE, key.readyOps());
        }
    }

    @Test
    void anActionMayCancelKeysAndCloseChannels() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.client().register(selector, SelectionKey.OP_WRITE);
            pair.server().register(selector, SelectionKey.OP_WRITE);
            List<SelectionKey> seen = new ArrayList<>();
            selector.select(key -> {
                seen.add(key);
                if (key.channel() == pair.client()) {
                    key.cancel();
                } else {
                    closeQuietly(key);
                }
            });
            assertEquals(2, seen.size());
            assertEquals(0, selector.selectNow());
            assertTrue(selector.keys().isEmpty());
            assertFalse(pair.client().isRegistered());
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anActionThatSelectsAgainIsRefused() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.client().register(selector, SelectionKey.OP_WRITE);
            assertEquals(1, selector.select(key -> {
                assertThrows(IllegalStateException.class, selector::selectNow);
                assertThrows(IllegalStateException.class, () -> selector.select(k -> {}));
            }));
            assertEquals(1, selector.selectNow());
        }
    }

    @Test
    void anExceptionOfTheActionComesThroughAndTheSelectorWorksOn() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.client().register(selector, SelectionKey.OP_WRITE);
            IllegalArgumentException mine = new IllegalArgumentException("mine");
            assertSame(
                    mine,
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> selector.select(key -> {
                                throw mine;
                            })));
            assertEquals(1, selector.select(key -> {}));
            assertEquals(1, selector.selectNow());
        }
    }

    @Test
    void anActionThatClosesTheSelectorEndsTheSelect() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            Selector selector = Selector.open();
            pair.client().register(selector, SelectionKey.OP_WRITE);
            assertThrows(
                    ClosedSelectorException.class,
                    () -> selector.select(key -> {
                        try {
                            selector.close();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }));
            assertFalse(selector.isOpen());
            assertFalse(pair.client().isRegistered());
        }
    }

    @Test
    void anActionMayWakeUpItsSelector() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.client().register(selector, SelectionKey.OP_WRITE);
            assertEquals(1, selector.select(key -> selector.wakeup()));
            pair.client().keyFor(selector).interestOps(0);
            assertEquals(0, selector.select(key -> {}));
        }
    }

    @Test
    void selectNowWithAnActionConsumesAWakeup() throws Exception {
        try (Selector selector = Selector.open()) {
            selector.wakeup();
            assertEquals(0, selector.selectNow(key -> {}));
            try (Background<Integer> select = Background.start(() -> selector.select(key -> {}))) {
                select.awaitInside("select");
                selector.wakeup();
                assertEquals(0, select.result());
            }
        }
    }

    @Test
    void aClosedSelectorRefusesActions() throws Exception {
        Selector selector = Selector.open();
        selector.close();
        assertThrows(ClosedSelectorException.class, () -> selector.select(key -> {}, 1));
        assertThrows(ClosedSelectorException.class, () -> selector.selectNow(key -> {}));
        assertThrows(NullPointerException.class, () -> selector.selectNow(none()));
        assertThrows(IllegalArgumentException.class, () -> selector.select(key -> {}, -1));
        assertThrows(IllegalArgumentException.class, () -> selector.select(-1));
    }

    @Test
    void aMissingActionIsRefused() throws Exception {
        try (Selector selector = Selector.open()) {
            assertThrows(NullPointerException.class, () -> selector.select(none()));
            assertThrows(NullPointerException.class, () -> selector.select(none(), 1));
            assertThrows(NullPointerException.class, () -> selector.selectNow(none()));
        }
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static Consumer<SelectionKey> none() {
        return null;
    }

    @Test
    void keysSelectedBeforeAreGivenToTheActionTooAndStaySelected() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
            assertEquals(1, selector.selectNow());
            List<SelectionKey> seen = new ArrayList<>();
            assertEquals(1, selector.selectNow(seen::add));
            assertEquals(List.of(key), seen);
            assertTrue(selector.selectedKeys().contains(key));
        }
    }
}
