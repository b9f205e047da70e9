package io.ringway.compat.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the pipelines of Ringway's NIC do to a stream, as its counters tell; nothing is asserted on another provider. */
class PipelineTest {
    private static final int BYTES = 4 << 20;
    private static final int WRITE = 256 << 10;
    private static final int MTU = Integer.getInteger("ringway.fabric.mtu", 0);
    /** Packets get lost, and the rest comes in other numbers. */
    private static final boolean FAULTS = System.getProperty("ringway.faults") != null;

    @Test
    void aStreamIsCutAndCollectedWherePacketsAreSmallAndOnlyThere() throws Exception {
        Map<String, Long> before = counters();
        try (TcpPair pair = TcpPair.open()) {
            SeededBytes written = new SeededBytes(7);
            Background<?> writer = Background.run(() -> {
                for (int done = 0; done < BYTES; done += WRITE) {
                    Io.write(pair.client(), written.next(WRITE));
                }
            });
            SeededBytes expected = new SeededBytes(7);
            ByteBuffer buffer = ByteBuffer.allocate(WRITE);
            while (expected.position() < BYTES) {
                pair.server().read(buffer.clear());
                expected.check(buffer.flip());
            }
            writer.result();
        }
        if (ProviderUnderTest.current().accelerates()) {
            check(before, counters());
        }
    }

    @Test
    void packetsAreRecordedAndDamagedWhereThatIsAskedFor() throws Exception {
        String capture = System.getProperty("ringway.capture");
        Map<String, Long> before = counters();
        try (TcpPair pair = TcpPair.open()) {
            Io.pingPong(pair);
        }
        Map<String, Long> after = counters();
        assertEquals(capture != null, after.containsKey("captureDropped"));
        assertEquals(FAULTS, more("packetsToFault", before, after) > 0);
        if (capture != null) {
            Path file = Path.of(
                    capture.replace("%p", Long.toString(ProcessHandle.current().pid())));
            // A section header, a description, and a packet.
            Await.until("packets in " + file, () -> Files.size(file) > 150);
            assertEquals(0x0a0d0d0a, ByteBuffer.wrap(Files.readAllBytes(file)).getInt());
        }
    }

    @Test
    void adjacentBuffersAreSentAsOne() throws Exception {
        boolean counts = ProviderUnderTest.current().accelerates();
        long before = counts ? ManagementBean.descriptorsMerged() : 0;
        for (ByteBuffer memory : new ByteBuffer[] {ByteBuffer.allocate(3_000), ByteBuffer.allocateDirect(3_000)}) {
            new SeededBytes(8).fill(memory.duplicate());
            ByteBuffer[] parts = {
                memory.slice(0, 40), memory.slice(40, 0), memory.slice(40, 1_000), memory.slice(1_040, 1_960)
            };
            try (TcpPair pair = TcpPair.open()) {
                assertEquals(3_000, pair.client().write(parts));
                ByteBuffer arrived = ByteBuffer.allocate(3_000);
                Io.fill(pair.server(), arrived);
                new SeededBytes(8).check(arrived.flip());
            }
        }
        if (counts) {
            assertTrue(ManagementBean.descriptorsMerged() >= before + 4, "descriptors merged before: " + before);
        }
    }

    private static Map<String, Long> counters() {
        return ProviderUnderTest.current().accelerates() ? ManagementBean.port("fabric") : Map.of();
    }

    private static void check(Map<String, Long> before, Map<String, Long> after) {
        assertTrue(more("bytesOut", before, after) > BYTES, after::toString);
        assertTrue(more("bytesIn", before, after) > BYTES, after::toString);
        if (MTU == 0) {
            assertEquals(0, after.getOrDefault("superSegments", 0L));
            return;
        }
        long cut = more("segmentsCut", before, after);
        assertTrue(cut >= BYTES / MTU, after::toString);
        assertTrue(more("superSegments", before, after) > 0, after::toString);
        long in = more("segmentsIn", before, after);
        assertTrue(FAULTS || in >= cut, after::toString);
        assertTrue(more("segmentsOut", before, after) < in, after::toString);
        assertTrue(more("aggregatesOut", before, after) > 0, after::toString);
        assertTrue(FAULTS || more("endedBy.push", before, after) > 0, after::toString);
    }

    private static long more(String counter, Map<String, Long> before, Map<String, Long> after) {
        return after.getOrDefault(counter, 0L) - before.getOrDefault(counter, 0L);
    }
}
