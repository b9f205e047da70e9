package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectedKeysTest {
    private final SelectedKeys selected = new SelectedKeys();

    @Test
    void programsCanRemoveAndNotAdd() throws Exception {
        RingwayKey[] keys = Keys.some(3);
        selected.select(keys[0]);
        selected.select(keys[1]);
        assertThrows(UnsupportedOperationException.class, () -> selected.add(keys[2]));
        assertThrows(UnsupportedOperationException.class, () -> selected.addAll(List.of(keys[2])));
        assertTrue(selected.contains(keys[0]));
        assertFalse(selected.contains(keys[2]));
        assertTrue(selected.remove(keys[0]));
        assertFalse(selected.remove(keys[0]));
        assertFalse(selected.remove((Object) "something else"));
        assertEquals(Set.of(keys[1]), selected);
    }

    @Test
    void everyKeyIsVisitedOnceWhicheverAreRemovedOnTheWay() throws Exception {
        RingwayKey[] keys = Keys.some(100);
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            selected.clear();
            Arrays.stream(keys).forEach(selected::select);
            Set<SelectionKey> visited = new HashSet<>();
            Set<SelectionKey> kept = new HashSet<>();
            for (Iterator<SelectionKey> i = selected.iterator(); i.hasNext(); ) {
                SelectionKey key = i.next();
                assertTrue(visited.add(key));
                if (random.nextBoolean()) {
                    i.remove();
                } else {
                    kept.add(key);
                }
            }
            assertEquals(100, visited.size());
            assertEquals(kept, selected);
        }
    }

    @Test
    void clearedKeysCanBeSelectedAgain() throws Exception {
        RingwayKey[] keys = Keys.some(40);
        Arrays.stream(keys).forEach(selected::select);
        selected.clear();
        assertTrue(selected.isEmpty());
        Arrays.stream(keys).forEach(selected::select);
        assertEquals(40, selected.size());
        assertEquals(40, selected.toArray().length);
        assertTrue(selected.removeIf(k -> true));
        assertTrue(selected.isEmpty());
    }

    @Test
    void anIteratorNoticesChangesThatAreNotItsOwn() throws Exception {
        RingwayKey[] keys = Keys.some(3);
        selected.select(keys[0]);
        selected.select(keys[1]);
        Iterator<SelectionKey> i = selected.iterator();
        i.next();
        selected.remove(keys[0]);
        assertThrows(ConcurrentModificationException.class, i::next);
        assertThrows(ConcurrentModificationException.class, i::remove);
    }

    @Test
    void anIteratorAtItsEndSaysSo() throws Exception {
        RingwayKey[] keys = Keys.some(1);
        selected.select(keys[0]);
        Iterator<SelectionKey> i = selected.iterator();
        assertThrows(IllegalStateException.class, i::remove);
        i.next();
        i.remove();
        assertThrows(IllegalStateException.class, i::remove);
        assertFalse(i.hasNext());
        assertThrows(NoSuchElementException.class, i::next);
    }

    @Test
    void onlyASpentIteratorServesAgain() throws Exception {
        RingwayKey[] keys = Keys.some(2);
        selected.select(keys[0]);
        selected.select(keys[1]);
        Iterator<SelectionKey> first = selected.iterator();
        first.next();
        assertNotSame(first, selected.iterator(), "in use");
        first.next();
        Iterator<SelectionKey> second = selected.iterator();
        assertNotSame(first, second, "its last key may still be removed");
        while (second.hasNext()) {
            second.next();
            second.remove();
        }
        selected.select(keys[1]);
        Iterator<SelectionKey> third = selected.iterator();
        assertSame(second, third);
        assertSame(keys[1], third.next());
    }
}
