package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeakSetTest {
    private final WeakSet<List<String>> set = new WeakSet<>();

    @Test
    void knowsObjectsByIdentity() {
        List<String> one = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        set.add(one);
        set.add(one);
        assertEquals(1, set.all().size());
        assertFalse(set.remove(equal));
        set.add(equal);
        assertEquals(2, set.all().size());
        assertTrue(set.remove(one));
        assertFalse(set.remove(one));
        assertEquals(1, set.all().size());
        assertTrue(set.all().getFirst() == equal);
        Reference.reachabilityFence(one);
    }

    @Test
    void letsGoOfWhatNobodyHas() throws InterruptedException {
        List<String> kept = new ArrayList<>();
        set.add(kept);
        for (int i = 0; i < 100; i++) {
            set.add(new ArrayList<>());
        }
        for (int i = 0; i < 100 && set.all().size() > 1; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(1, set.all().size());
        assertTrue(set.all().getFirst() == kept);
        assertTrue(set.remove(kept));
    }
}
