package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricQueue;
import io.ringway.nic.fabric.FabricSettings;
import io.ringway.stack.IdleQueue;
import io.ringway.stack.NetworkStack;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The places where two threads store and then look at what the other one stored: one of them must see the other. Short
 * and in every build; the tests in {@code src/stress} look closer.
 */
@Timeout(120)
class ThreadsMeetTest {
    private static final int ROUNDS = 5_000;

    private int ran;
    private int written;
    private int seen;

    @Test
    void noRequestIsStranded() throws InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            NetworkStack stack = IdleQueue.stack(arena.allocate(4096), frame -> {});
            int[] expected = new int[1];
            Race.run(
                    ROUNDS,
                    () -> expected[0] += 2,
                    () -> {
                        assertEquals(expected[0], ran);
                        assertTrue(stack.tryOwn(), "somebody still owns the stack");
                        stack.disown();
                    },
                    () -> {
                        if (stack.tryOwn()) {
                            stack.disown();
                        }
                    },
                    () -> stack.submit(s -> ran++),
                    () -> stack.submit(s -> ran++));
        }
    }

    @Test
    void nobodySleepsBesideAFrame() throws Exception {
        try (FabricPort port = FabricPort.open(
                FabricSettings.defaults().withMemoryBytes(64 << 20).withSlotsPerRing(16))) {
            FabricQueue receiver = port.openQueue();
            FabricQueue sender = port.openQueue();
            Link link = port.link(sender, port.routeTo(receiver));
            FrameHandler counting = new Counting();
            long[] bells = new long[1];
            Race.run(
                    ROUNDS,
                    () -> bells[0] = sender.counters().bellsRung(),
                    () -> {
                        boolean rung = sender.counters().bellsRung() != bells[0];
                        assertTrue(seen == 1 || rung, "neither seen nor rung for");
                        receiver.receive(counting, 16);
                        assertEquals(1, seen);
                        seen = 0;
                        receiver.disarm();
                        receiver.clearDoorbell();
                    },
                    () -> {
                        receiver.arm();
                        receiver.receive(counting, 16);
                    },
                    () -> {
                        sender.claim(link, 40, 0);
                        sender.commit(link, 40, 0, 0, 0);
                        sender.flush();
                    });
        }
    }

    private final class Counting implements FrameHandler {
        @Override
        public void onFrame(
                Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
            seen++;
        }

        @Override
        public void onPeerGone(Peer peer) {
            throw new AssertionError("the peer is this process");
        }
    }

    @Test
    void aWriterThatWaitsForRoomIsTold() throws InterruptedException {
        FullConnection connection = new FullConnection();
        writersAreTold(connection, connection::write);
    }

    @Test
    void aWriterOfSeveralBuffersIsTold() throws InterruptedException {
        FullConnection connection = new FullConnection();
        writersAreTold(connection, connection::writeGathering);
    }

    @Test
    void whoLooksForRoomInVainIsTold() throws InterruptedException {
        FullConnection connection = new FullConnection();
        writersAreTold(connection, () -> connection.mayWrite() ? connection.write() : 0);
    }

    private void writersAreTold(FullConnection connection, IntSupplier write) throws InterruptedException {
        Race.run(
                ROUNDS,
                () -> {},
                () -> {
                    assertFalse(written == 0 && !connection.wasTold(), "no room, and not told when there was");
                    connection.refill(written);
                },
                () -> written = write.getAsInt(),
                connection::acknowledge);
        connection.check();
    }
}
