package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Registering, deregistering and changing the mode of channels. */
class RegistrationTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int ALL = 0xff;

    private TcpPair pair;
    private SocketChannel channel;
    private Selector selector;

    @BeforeEach
    void open() throws Exception {
        pair = TcpPair.open();
        channel = pair.server();
        selector = Selector.open();
    }

    @AfterEach
    void close() throws Exception {
        selector.close();
        pair.close();
    }

    /** Every kind of channel that a provider opens. */
    enum Kind {
        SOCKET {
            @Override
            SelectableChannel open() throws IOException {
                return SocketChannel.open();
            }
        },
        SERVER {
            @Override
            SelectableChannel open() throws IOException {
                return ServerSocketChannel.open();
            }
        },
        DATAGRAM {
            @Override
            SelectableChannel open() throws IOException {
                return DatagramChannel.open();
            }
        },
        SOURCE {
            @Override
            SelectableChannel open() throws IOException {
                Pipe pipe = Pipe.open();
                pipe.sink().close();
                return pipe.source();
            }
        },
        SINK {
            @Override
            SelectableChannel open() throws IOException {
                Pipe pipe = Pipe.open();
                pipe.source().close();
                return pipe.sink();
            }
        };

        abstract SelectableChannel open() throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void reasonsToRefuseComeInTheirOrder(Kind kind) throws Exception {
        Selector closed = Selector.open();
        closed.close();
        SelectableChannel c = kind.open();
        assertThrows(IllegalArgumentException.class, () -> c.register(closed, ALL));
        assertThrows(IllegalBlockingModeException.class, () -> c.register(closed, 0));
        c.configureBlocking(false);
        assertThrows(ClosedSelectorException.class, () -> c.register(closed, 0));
        assertFalse(c.isRegistered());
        SelectionKey key = c.register(selector, 0, "old");
        assertThrows(IllegalArgumentException.class, () -> c.register(selector, ALL, "not set"));
        assertEquals("old", key.attachment());
        key.cancel();
        assertThrows(CancelledKeyException.class, () -> c.register(selector, 0));
        c.close();
        assertThrows(ClosedChannelException.class, () -> c.register(closed, 0));
        assertThrows(IllegalArgumentException.class, () -> c.register(closed, ALL));
        assertThrows(ClosedChannelException.class, () -> c.configureBlocking(true));
    }

    @ParameterizedTest
    @EnumSource
    void theModeIsFreeUnlessAKeyIsValid(Kind kind) throws Exception {
        try (SelectableChannel c = kind.open()) {
            assertTrue(c.isBlocking());
            assertSame(c, c.configureBlocking(true));
            assertSame(c, c.configureBlocking(false));
            assertFalse(c.isBlocking());
            SelectionKey key = c.register(selector, c.validOps());
            assertThrows(IllegalBlockingModeException.class, () -> c.configureBlocking(true));
            assertSame(c, c.configureBlocking(false));
            key.cancel();
            assertTrue(c.isRegistered());
            assertSame(c, c.configureBlocking(true));
            assertTrue(c.isBlocking());
            selector.selectNow();
            assertFalse(c.isRegistered());
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingASelectorDeregistersAtOnce(Kind kind) throws Exception {
        try (SelectableChannel c = kind.open()) {
            c.configureBlocking(false);
            SelectionKey key = c.register(selector, 0);
            selector.close();
            assertFalse(key.isValid());
            assertFalse(c.isRegistered());
            assertNull(c.keyFor(selector));
            assertTrue(c.isOpen());
            c.configureBlocking(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChannelHasOneKeyPerSelector(Kind kind) throws Exception {
        List<Selector> selectors = new ArrayList<>();
        SelectableChannel c = kind.open();
        c.configureBlocking(false);
        List<SelectionKey> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            selectors.add(Selector.open());
            keys.add(c.register(selectors.get(i), 0));
        }
        for (int i = 0; i < 5; i++) {
            assertSame(keys.get(i), c.keyFor(selectors.get(i)));
            assertSame(selectors.get(i), keys.get(i).selector());
            assertSame(c, keys.get(i).channel());
        }
        c.close();
        for (int i = 0; i < 5; i++) {
            assertFalse(keys.get(i).isValid());
            selectors.get(i).selectNow();
            assertEquals(Set.of(), selectors.get(i).keys());
            assertEquals(i < 4, c.isRegistered());
            selectors.get(i).close();
        }
    }

    @Test
    void theBlockingLockHoldsUpRegistrationsAndChangesOfMode() throws Exception {
        channel.configureBlocking(false);
        try (Background<SelectionKey> register = Background.start(() -> channel.register(selector, READ));
                Background<?> configure = Background.start(() -> {
                    pair.client().configureBlocking(false);
                    return pair.client().isBlocking();
                })) {
            register.result();
            assertEquals(false, configure.result());
        }
        Background<SelectionKey> register;
        Background<SelectableChannel> configure;
        synchronized (channel.blockingLock()) {
            register = Background.start(() -> channel.register(selector, 0));
            configure = Background.start(() -> channel.configureBlocking(false));
            register.awaitInside("register");
            configure.awaitInside("configureBlocking");
        }
        assertEquals(0, register.result().interestOps());
        assertSame(channel, configure.result());
    }

    @Test
    void aChangeOfModeWaitsForTheReaderAndARegistrationForTheChange() throws Exception {
        try (Background<Integer> read = Background.start(() -> channel.read(ByteBuffer.allocate(1)))) {
            read.awaitInside("read");
            try (Background<SelectableChannel> configure = Background.start(() -> channel.configureBlocking(false))) {
                configure.awaitInside("configureBlocking");
                try (Background<SelectionKey> register = Background.start(() -> channel.register(selector, READ))) {
                    register.awaitInside("register");
                    Io.write(pair.client(), "x");
                    assertEquals(1, read.result());
                    configure.result();
                    assertTrue(register.result().isValid());
                }
            }
        }
    }

    @Test
    void aChannelClosedDuringItsRegistrationHasNoValidKey() throws Exception {
        for (int i = 0; i < 200; i++) {
            SocketChannel c = SocketChannel.open();
            c.configureBlocking(false);
            CountDownLatch go = new CountDownLatch(2);
            try (Background<@Nullable SelectionKey> register = Background.start(() -> {
                go.countDown();
                assertTrue(go.await(10, TimeUnit.SECONDS));
                try {
                    return c.register(selector, READ);
                } catch (ClosedChannelException e) {
                    return null;
                }
            })) {
                go.countDown();
                assertTrue(go.await(10, TimeUnit.SECONDS));
                c.close();
                SelectionKey key = register.result();
                assertTrue(key == null || !key.isValid());
            }
            selector.selectNow();
            assertFalse(c.isRegistered());
        }
        assertEquals(Set.of(), selector.keys());
    }

    @Test
    void aChannelOfAnotherMakeIsRefused() throws Exception {
        try (Homemade homemade = new Homemade()) {
            homemade.configureBlocking(false);
            assertThrows(IllegalSelectorException.class, () -> homemade.register(selector, 0));
            assertFalse(homemade.isRegistered());
            assertEquals(Set.of(), selector.keys());
        }
    }

    /** A channel that a program has written itself. */
    private static final class Homemade extends AbstractSelectableChannel {
        Homemade() {
            super(SelectorProvider.provider());
        }

        @Override
        public int validOps() {
            return READ;
        }

        @Override
        protected void implCloseSelectableChannel() {
            // Nothing to close.
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            // Nothing to configure.
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSelectorOfAnotherMakeTakesTheChannels(Kind kind) throws Exception {
        Registry registry = new Registry();
        SelectableChannel c = kind.open();
        c.configureBlocking(false);
        SelectionKey key = c.register(registry, 0, "attached");
        assertSame(key, c.keyFor(registry));
        assertSame(SelectorProvider.provider(), registry.provider());
        c.register(selector, 0);
        key.cancel();
        assertTrue(c.isRegistered());
        assertEquals(1, registry.selectNow());
        assertFalse(key.isValid());
        assertNull(c.keyFor(registry));
        SelectionKey second = c.register(registry, 0);
        c.close();
        assertFalse(second.isValid());
        assertEquals(1, registry.selectNow());
        assertTrue(c.isRegistered(), "the other selector has not let go of it");
        selector.selectNow();
        assertFalse(c.isRegistered());
        registry.close();
        registry.close();
        assertEquals(1, registry.closed);
        assertFalse(registry.isOpen());
    }

    /** A selector that a program has written itself: it registers and deregisters, and selects nothing. */
    private static final class Registry extends AbstractSelector {
        private int closed;

        Registry() {
            super(SelectorProvider.provider());
        }

        @Override
        protected void implCloseSelector() {
            closed++;
        }

        @Override
        protected SelectionKey register(AbstractSelectableChannel c, int ops, @Nullable Object attachment) {
            SelectionKey key = new Registration(this, c, ops);
            key.attach(attachment);
            return key;
        }

        /** Deregisters what is cancelled, and says how many keys that were. */
        @Override
        public int selectNow() {
            begin();
            try {
                synchronized (cancelledKeys()) {
                    int cancelled = cancelledKeys().size();
                    cancelledKeys().forEach(key -> deregister((AbstractSelectionKey) key));
                    cancelledKeys().clear();
                    return cancelled;
                }
            } finally {
                end();
            }
        }

        @Override
        public int select() {
            return selectNow();
        }

        @Override
        public int select(long timeout) {
            return selectNow();
        }

        @Override
        public int select(Consumer<SelectionKey> action) {
            return selectNow();
        }

        @Override
        public Selector wakeup() {
            return this;
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }
    }

    private static final class Registration extends AbstractSelectionKey {
        private final Registry registry;
        private final SelectableChannel channel;
        private final int ops;

        Registration(Registry registry, SelectableChannel channel, int ops) {
            this.registry = registry;
            this.channel = channel;
            this.ops = ops;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return registry;
        }

        @Override
        public int interestOps() {
            return ops;
        }

        @Override
        public SelectionKey interestOps(int newOps) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int readyOps() {
            return 0;
        }
    }

    @Test
    void aRegisteredEndOfAPipeLastsUntilTheSelectorLetsGo() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false).register(selector, READ);
        pipe.source().close();
        assertEquals(1, pipe.sink().write(Io.bytes("x")));
        selector.selectNow();
        assertThrows(IOException.class, () -> pipe.sink().write(Io.bytes("x")));
        pipe.sink().close();

        Pipe second = Pipe.open();
        second.sink().configureBlocking(false).register(selector, 0);
        second.sink().close();
        second.source().configureBlocking(false);
        assertEquals(0, second.source().read(ByteBuffer.allocate(1)));
        selector.close();
        assertEquals(-1, second.source().read(ByteBuffer.allocate(1)));
        second.source().close();
    }

    @Test
    void aBoundChannelKeepsItsListenerUntilItIsClosed() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            listener.configureBlocking(false);
            for (int i = 0; i < 3; i++) {
                SelectionKey key = listener.register(selector, SelectionKey.OP_ACCEPT);
                assertEquals(0, selector.selectNow());
                key.cancel();
                selector.selectNow();
            }
            listener.configureBlocking(true);
            try (TcpPair accepted = TcpPair.open(listener, Loopback.IPV4)) {
                Io.pingPong(accepted);
            }
        }
    }
}
