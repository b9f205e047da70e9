package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.TcpPair;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeySetTest {
    private TcpPair pair;
    private Selector selector;
    private SelectionKey client;
    private SelectionKey server;

    @BeforeEach
    void open() throws Exception {
        pair = TcpPair.open().configureBlocking(false);
        selector = Selector.open();
        client = pair.client().register(selector, SelectionKey.OP_WRITE);
        server = pair.server().register(selector, SelectionKey.OP_WRITE);
    }

    @AfterEach
    void close() throws Exception {
        selector.close();
        pair.close();
    }

    @Test
    void keysIsAViewThatCannotBeModified() {
        Set<SelectionKey> keys = selector.keys();
        assertEquals(Set.of(client, server), keys);
        assertSame(keys, selector.keys());
        assertThrows(UnsupportedOperationException.class, () -> keys.add(client));
        assertThrows(UnsupportedOperationException.class, () -> keys.remove(client));
        assertThrows(UnsupportedOperationException.class, keys::clear);
        assertThrows(UnsupportedOperationException.class, () -> keys.removeIf(key -> true));
        assertThrows(UnsupportedOperationException.class, () -> keys.retainAll(List.of()));
        Iterator<SelectionKey> iterator = keys.iterator();
        iterator.next();
        assertThrows(UnsupportedOperationException.class, iterator::remove);
        assertEquals(2, keys.size());
    }

    @Test
    void keysFollowsRegistrationAndDeregistration() throws Exception {
        Set<SelectionKey> keys = selector.keys();
        client.cancel();
        assertEquals(2, keys.size());
        selector.selectNow();
        assertEquals(Set.of(server), keys);
        SelectionKey again = pair.client().register(selector, 0);
        assertEquals(Set.of(server, again), keys);
    }

    @Test
    void selectedKeysAllowsRemovalButNoAddition() throws Exception {
        Set<SelectionKey> selected = selector.selectedKeys();
        assertSame(selected, selector.selectedKeys());
        assertEquals(2, selector.selectNow());
        assertEquals(Set.of(client, server), selected);
        assertThrows(UnsupportedOperationException.class, () -> selected.add(client));
        assertThrows(UnsupportedOperationException.class, () -> selected.addAll(List.of(client)));
        assertTrue(selected.remove(client));
        assertFalse(selected.remove(client));
        Iterator<SelectionKey> iterator = selected.iterator();
        assertSame(server, iterator.next());
        iterator.remove();
        assertTrue(selected.isEmpty());
        assertEquals(2, selector.selectNow());
        selected.clear();
        assertEquals(2, selector.selectNow());
        assertTrue(selected.removeIf(key -> key == server));
        assertTrue(selected.removeAll(List.of(client)));
        assertEquals(2, selector.selectNow());
        assertTrue(selected.retainAll(List.of(client)));
        assertEquals(Set.of(client), selected);
    }

    @Test
    void aKeyLeftSelectedIsNotCountedAgain() throws Exception {
        assertEquals(2, selector.selectNow());
        assertEquals(0, selector.selectNow());
        assertEquals(0, selector.select(), "a ready key left selected makes select return 0 at once");
        assertEquals(0, selector.select(60_000));
        selector.selectedKeys().remove(client);
        assertEquals(1, selector.select());
        assertEquals(2, selector.selectedKeys().size());
    }

    @Test
    void aCancelledKeyLeavesTheSelectedSetWithTheNextSelect() throws Exception {
        assertEquals(2, selector.selectNow());
        client.cancel();
        assertTrue(selector.selectedKeys().contains(client));
        selector.selectNow();
        assertEquals(Set.of(server), selector.selectedKeys());
    }

    @Test
    void channelsRegisterDuringAnIterationOfKeys() throws Exception {
        Iterator<SelectionKey> iterator = selector.keys().iterator();
        iterator.next();
        try (TcpPair another = TcpPair.open().configureBlocking(false)) {
            another.client().register(selector, 0);
            Set<SelectionKey> seen = new HashSet<>();
            iterator.forEachRemaining(seen::add);
            assertTrue(seen.size() >= 1, "the iterator is weakly consistent");
        } catch (ConcurrentModificationException e) {
            throw new AssertionError("keys() may be iterated while channels register", e);
        }
    }

    @Test
    void containsAndSizeOfKeysAgreeWithTheChannels() {
        assertTrue(selector.keys().contains(pair.client().keyFor(selector)));
        assertTrue(selector.keys().containsAll(List.of(client, server)));
        assertEquals(2, selector.keys().toArray().length);
    }
}
