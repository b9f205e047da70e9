package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.NetworkStack.Request;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that wait while somebody owns the stack are performed by connection, each connection's in their order (M6). */
class ContextCacheTest {
    private final Simulation s = new Simulation(MemoryNetwork.LOSSLESS, 1);
    private final NetworkStack stack = s.client.stack();
    private final List<String> performed = new ArrayList<>();

    private void leave(TcpConnection c, String what) {
        stack.submit(about(c, owner -> performed.add(what)));
    }

    private List<TcpConnection> connections(int count) {
        List<TcpConnection> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(s.connect().client());
        }
        return all;
    }

    @Test
    void requestsOfAConnectionArePerformedBackToBack() {
        List<TcpConnection> c = connections(3);
        StackCounters counters = stack.counters();
        assertTrue(stack.tryOwn());
        long batches = counters.requestBatches;
        long loads = counters.contextLoads;
        long hits = counters.contextHits;
        long requests = counters.requests;
        leave(c.get(0), "a1");
        leave(c.get(1), "b1");
        stack.submit(owner -> performed.add("x"));
        leave(c.get(0), "a2");
        leave(c.get(2), "c1");
        leave(c.get(1), "b2");
        leave(c.get(0), "a3");
        assertEquals(List.of(), performed);
        stack.disown();
        assertEquals(List.of("a1", "a2", "a3", "b1", "b2", "x", "c1"), performed);
        assertEquals(1, counters.requestBatches - batches);
        assertEquals(3, counters.contextLoads - loads);
        assertEquals(3, counters.contextHits - hits);
        assertEquals(7, counters.requests - requests);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theOrderOfAConnectionIsKept(long seed) {
        Random random = new Random(seed);
        List<TcpConnection> c = connections(1 + random.nextInt(8));
        int[] left = new int[c.size()];
        int[] seen = new int[c.size()];
        int total = 0;
        for (int round = 0; round < 200; round++) {
            assertTrue(stack.tryOwn());
            for (int n = random.nextInt(3 * ContextCache.WINDOW); n > 0; n--) {
                int i = random.nextInt(c.size());
                int number = left[i]++;
                boolean nested = random.nextInt(10) == 0;
                stack.submit(about(c.get(i), owner -> {
                    assertEquals(seen[i]++, number, "seed " + seed);
                    if (nested) {
                        // As closing does.
                        owner.poll(owner.now());
                    }
                }));
                total++;
            }
            stack.disown();
        }
        int sum = 0;
        for (int n : seen) {
            sum += n;
        }
        assertEquals(total, sum, "seed " + seed);
    }

    /** What waits is performed after it, and new ones are seen. */
    @Test
    void aRequestThatPollsHasNoOthersPerformed() {
        List<TcpConnection> c = connections(2);
        assertTrue(stack.tryOwn());
        stack.submit(about(c.get(0), owner -> {
            performed.add("polls");
            leave(c.get(1), "new");
            owner.poll(owner.now());
            performed.add("polled");
        }));
        leave(c.get(1), "b");
        leave(c.get(0), "a");
        stack.disown();
        assertEquals(List.of("polls", "polled", "a", "b", "new"), performed);
    }

    /** Each close polls the stack; all of them wait at once. */
    @Test
    void aCrowdOfClosesNeedsNoDepth() {
        List<TcpConnection> c = connections(5_000);
        assertTrue(stack.tryOwn());
        for (TcpConnection each : c) {
            each.close();
        }
        stack.disown();
        s.settle();
        for (TcpConnection each : c) {
            assertTrue(each.state().ordinal() > TcpState.ESTABLISHED.ordinal(), each::toString);
        }
    }

    /** Those that wait behind one that throws are performed by whoever owns the stack next. */
    @Test
    void oneThatThrowsStrandsNoOthers() {
        assertTrue(stack.tryOwn());
        stack.submit(owner -> {
            throw new IllegalStateException("thrown");
        });
        stack.submit(owner -> performed.add("after"));
        assertThrows(IllegalStateException.class, stack::disown);
        assertTrue(stack.tryOwn());
        assertEquals(stack.now(), stack.nextDeadline());
        stack.disown();
        assertEquals(List.of("after"), performed);
    }

    /** Also where it was the last one of a window. */
    @Test
    void oneThatThrowsAtTheEndOfAWindowStrandsNoOthers() {
        assertTrue(stack.tryOwn());
        for (int i = 1; i < ContextCache.WINDOW; i++) {
            stack.submit(owner -> performed.add("before"));
        }
        stack.submit(owner -> {
            throw new IllegalStateException("thrown");
        });
        stack.submit(owner -> performed.add("after"));
        assertThrows(IllegalStateException.class, stack::disown);
        assertEquals("before", performed.getLast());
        assertTrue(stack.tryOwn());
        assertEquals(stack.now(), stack.nextDeadline());
        stack.disown();
        assertEquals("after", performed.getLast());
    }

    /** An operation that a waiting request takes up needs no request of its own. */
    @Test
    void operationsOfAWaitingRequestAreHits() {
        TcpConnection c = connections(1).getFirst();
        assertTrue(stack.tryOwn());
        long requests = stack.counters().requests;
        long hits = stack.counters().contextHits;
        c.shutdownOutput();
        c.abort();
        stack.disown();
        assertEquals(1, stack.counters().requests - requests);
        assertEquals(1, stack.counters().contextHits - hits);
    }

    private record About(TcpConnection context, Request what) implements Request {
        @Override
        public void run(NetworkStack stack) {
            what.run(stack);
        }
    }

    private static Request about(TcpConnection c, Request what) {
        return new About(c, what);
    }
}
