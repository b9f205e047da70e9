package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sending, receiving and frames leave nothing for the collector. */
@Timeout(60)
class AllocationTest {
    private static final int ROUNDS = 50_000;

    /** Releases what comes. */
    private record Releaser(FabricQueue queue) implements FrameHandler {
        @Override
        public void onFrame(
                Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
            if (frame != 0) {
                queue.release(frame);
            }
        }

        @Override
        public void onPeerGone(Peer peer) {
            throw new IllegalStateException(peer.name());
        }
    }

    @Test
    void steadyTrafficAllocatesNothing() throws Exception {
        try (FabricPort port = FabricPort.open(FabricSettings.defaults().withMemoryBytes(32 << 20))) {
            FabricQueue a = port.openQueue();
            FabricQueue b = port.openQueue();
            Link toB = a.link(port.self(), b.id());
            Releaser releaser = new Releaser(b);
            exchange(a, b, toB, releaser);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            exchange(a, b, toB, releaser);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < ROUNDS / 2, allocated + " bytes for " + 2 * ROUNDS + " frames");
        }
    }

    private static void exchange(FabricQueue a, FabricQueue b, Link toB, FrameHandler handler) {
        for (int i = 0; i < ROUNDS; i++) {
            a.claim(toB, 40, 64);
            a.commit(toB, 40, 0, 0, 64);
            long frame = a.allocate(1000);
            a.claim(toB, 40, 0);
            a.commit(toB, 40, frame, frame, 1000);
            a.free(frame);
            a.flush();
            b.receive(handler, 64);
            a.receive(handler, 64);
        }
    }
}
