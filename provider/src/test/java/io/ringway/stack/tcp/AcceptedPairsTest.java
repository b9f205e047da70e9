package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.AcceptedPairs;
import io.ringway.stack.IdleQueue;
import io.ringway.stack.ListenerTable;
import io.ringway.stack.NetworkStack;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The pairs of ends of a process with several ports: each is given back, however its connection ends. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class AcceptedPairsTest extends Dialogue {
    private static final int ROUNDS = 20_000;

    AcceptedPairsTest(Setting setting) {
        super(setting);
    }

    @Override
    ListenerTable newListeners() {
        return new ListenerTable(true);
    }

    private AcceptedPairs pairs() {
        AcceptedPairs pairs = listeners.pairs();
        assertNotNull(pairs);
        return pairs;
    }

    /** After every test of this class. */
    @AfterEach
    void noneIsLeft() {
        if (c != null) {
            c.abort();
            c.close();
            run();
        }
        assertTrue(pairs().isEmpty());
    }

    private void held() {
        assertFalse(pairs().isEmpty());
    }

    private void gone() {
        assertTrue(pairs().isEmpty());
        assertEquals(0, stack.connections());
    }

    @Test
    void afterAReset() {
        accepted();
        held();
        send(Seg.rst(irs + 1));
        gone();
    }

    @Test
    void afterAResetOfAHalfOpenOne() {
        synReceived();
        held();
        send(Seg.rst(irs + 1));
        gone();
    }

    @Test
    void afterThePeersDeath() {
        accepted();
        held();
        peer.port.die();
        pass(3600 * SECOND);
        c.abort();
        run();
        gone();
    }

    @Test
    void afterThePeersDeathWhileHalfOpen() {
        synReceived();
        held();
        peer.port.die();
        pass(3600 * SECOND);
        gone();
        assertNull(listener.accept());
    }

    @Test
    void afterTheListenerClosedBeforeAccept() {
        synReceived();
        send(Seg.ack(irs + 1, iss + 1));
        held();
        listener.close();
        run();
        gone();
    }

    @Test
    void afterTheListenerClosedWhileHalfOpen() {
        synReceived();
        listener.close();
        held();
        send(Seg.ack(irs + 1, iss + 1));
        gone();
    }

    /** Nobody acknowledges it; on a lossless port, there is no room for it. */
    @Test
    void afterASynAckThatDidNotArrive() {
        listening();
        for (int i = 0; lossless && i < network.setup().slots(); i++) {
            peer.send(Seg.ack(irs, 77));
            pollAlone();
        }
        peer.send(Seg.syn(irs).mss(1000));
        pollAlone();
        if (lossless) {
            assertEquals(1, stack.counters().connectionsClosed);
            gone();
        } else {
            run();
            held();
        }
        pass(3600 * SECOND);
        gone();
    }

    /** What the stack sends stays in the peer's ring. */
    private void pollAlone() {
        stack.submit(s -> s.poll(network.now()));
    }

    @Test
    void aSynThatComesAgainOverThatPortTakesThePairOver() {
        accepted();
        TcpConnection older = new TcpConnection(stack, c.local(), c.remote(), options, iss);
        pairs().release(older);
        held();
        assertTrue(pairs().claim(older));
        pairs().release(c);
        held();
        pairs().release(older);
    }

    private static NetworkStack stackOfAnotherPort(Arena arena) {
        MemorySegment memory = arena.allocate(1 << 12);
        return IdleQueue.stack(memory, frame -> {});
    }

    /** A pair is released and claimed by another port while this one's next connection claims it. */
    @Test
    void neverHeldByTwoPortsAtATime() throws Exception {
        AcceptedPairs pairs = pairs();
        try (Arena arena = Arena.ofShared()) {
            NetworkStack here = stackOfAnotherPort(arena);
            NetworkStack there = stackOfAnotherPort(arena);
            TcpConnection first = new TcpConnection(here, ourEnd(), peerEnd(), options, iss);
            TcpConnection next = new TcpConnection(here, ourEnd(), peerEnd(), options, iss);
            TcpConnection other = new TcpConnection(there, ourEnd(), peerEnd(), options, iss);
            AtomicReference<@Nullable Boolean> gotNext = new AtomicReference<>();
            AtomicReference<@Nullable Boolean> gotOther = new AtomicReference<>();
            Race.run(
                    ROUNDS,
                    () -> assertTrue(pairs.claim(first)),
                    () -> {
                        boolean both = Boolean.TRUE.equals(gotNext.get()) && Boolean.TRUE.equals(gotOther.get());
                        assertFalse(both, "two connections with the same ends");
                        pairs.release(next);
                        pairs.release(other);
                        pairs.release(first);
                        assertTrue(pairs.isEmpty());
                    },
                    () -> gotNext.set(pairs.claim(next)),
                    () -> {
                        pairs.release(first);
                        gotOther.set(pairs.claim(other));
                    });
        }
    }
}
