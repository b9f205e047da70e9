package io.ringway.nic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricQueue;
import io.ringway.nic.fabric.FabricSettings;
import io.ringway.nic.offload.DescriptorList;
import io.ringway.nic.offload.TestPacket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues of the shared-memory NIC behind the pipelines. */
class NicTest {
    private static final int MTU = 1500;
    private static final int LARGE = 60_000;

    private final Nic nic = new Nic();
    private FabricPort port;
    private DeviceQueue a;
    private DeviceQueue b;
    private Link toB;

    private void open(int mtu, int slots) throws Exception {
        port = FabricPort.open(FabricSettings.defaults()
                .withMemoryBytes(64 << 20)
                .withSlotsPerRing(slots)
                .withMtu(mtu));
        nic.add(port);
        a = nic.openQueue(port);
        b = nic.openQueue(port);
        toB = port.link(a, port.routeTo(b));
    }

    @AfterEach
    void close() {
        nic.close();
    }

    /** Writes down what arrives. */
    private static final class Received implements FrameHandler {
        final List<byte[]> headers = new ArrayList<>();
        final List<byte[]> payloads = new ArrayList<>();
        private final DeviceQueue queue;

        Received(DeviceQueue queue) {
            this.queue = queue;
        }

        @Override
        public void onFrame(
                Link source, long[] words, int length, MemorySegment payload, long offset, int bytes, long frame) {
            byte[] h = new byte[length];
            for (int i = 0; i < length; i++) {
                h[i] = (byte) (words[i >>> 3] >>> 56 - (i & 7) * 8);
            }
            headers.add(h);
            payloads.add(payload.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE));
            if (frame != 0) {
                queue.release(frame);
            }
        }

        @Override
        public void onAggregate(Link source, long[] words, int length, DescriptorList payload) {
            throw new AssertionError("a super-segment's segments come from one frame");
        }

        @Override
        public void onPeerGone(Peer peer) {}
    }

    private static TestPacket packet(boolean v6, int length) {
        TestPacket p = TestPacket.of(v6).flags(TestPacket.ACK | TestPacket.PSH).payload(length);
        p.checksums = false;
        return p;
    }

    /** Sends it as a super-segment; what {@link DeviceQueue#allocate} gave for it, or 0 if no slot was to be had. */
    private long send(TestPacket p, int segmentSize) {
        byte[] headers = p.headers();
        long at = a.claim(toB, headers.length, 0);
        if (at < 0) {
            return 0;
        }
        long frame = a.allocate(p.payload.length);
        MemorySegment.copy(headers, 0, a.memory(), ValueLayout.JAVA_BYTE, at, headers.length);
        MemorySegment.copy(p.payload, 0, a.memory(), ValueLayout.JAVA_BYTE, frame, p.payload.length);
        a.commit(toB, headers.length, frame, frame, p.payload.length, segmentSize);
        return frame;
    }

    private long count(String name) {
        return nic.counters().get("fabric").getOrDefault(name, 0L);
    }

    @Test
    void aPortThatLacksNothingIsReachedDirectly() throws Exception {
        open(Capabilities.WHOLE, 16);
        assertInstanceOf(FabricQueue.class, a);
        assertSame(a, a.device());
        assertEquals(port.capabilities(), a.capabilities());
        assertEquals(List.of(port), nic.ports());
    }

    @Test
    void aPortWithSmallPacketsIsCompleted() throws Exception {
        open(MTU, 16);
        assertNotSame(a, a.device());
        assertInstanceOf(FabricQueue.class, a.device());
        assertTrue(a.capabilities().segmentation());
        assertTrue(a.capabilities().aggregation());
        assertEquals(1460, a.capabilities().segmentSize(40));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSuperSegmentIsCutAndCollected(boolean v6) throws Exception {
        open(MTU, 512);
        TestPacket p = packet(v6, LARGE);
        int size = a.capabilities().segmentSize(p.headers().length);
        a.free(send(p, size));
        a.flush();
        Received received = new Received(b);
        int segments = (LARGE + size - 1) / size;
        assertEquals(segments, b.receive(received, 64));
        assertEquals(1, received.headers.size());
        assertArrayEquals(p.headers(), received.headers.getFirst());
        assertArrayEquals(p.payload, received.payloads.getFirst());
        assertEquals(1, count("superSegments"));
        assertEquals(segments, count("segmentsCut"));
        assertEquals(segments, count("framesOut"));
        assertEquals(segments, count("segmentsIn"));
        assertEquals(1, count("segmentsOut"));
        assertEquals(1, count("aggregatesOut"));
        assertEquals(1, count("endedBy.push"));
    }

    @Test
    void noPacketIsLargerThanTheMtu() throws Exception {
        open(MTU, 512);
        send(packet(true, LARGE), 1440);
        Received received = new Received(b.device());
        b.device().receive(received, 64);
        assertEquals(42, received.headers.size());
        for (int i = 0; i < 42; i++) {
            int packet = received.headers.get(i).length + received.payloads.get(i).length;
            assertEquals(i < 41 ? MTU : LARGE - 41 * 1440 + 60, packet);
        }
        long at = a.claim(toB, 40, 0);
        assertTrue(at > 0);
        assertThrows(IllegalArgumentException.class, () -> a.commit(toB, 40, a.allocate(1461), 0, 1461));
        a.abort(toB);
    }

    @Test
    void whatFindsNoRoomFollowsInOrder() throws Exception {
        open(MTU, 16);
        TestPacket p = packet(false, LARGE);
        long frame = send(p, 1460);
        a.free(frame);
        assertEquals(1, a.backlog());
        assertEquals(0, send(packet(false, 10), 1460), "nothing overtakes");
        assertNotEquals(frame, a.allocate(LARGE), "the frame is still in use");
        Received received = new Received(b);
        for (int i = 0; a.backlog() > 0; i++) {
            assertTrue(i < 10, "goes on for ever");
            b.receive(received, 64);
            a.flush();
        }
        b.receive(received, 64);
        byte[] all = new byte[LARGE];
        int done = 0;
        for (byte[] part : received.payloads) {
            System.arraycopy(part, 0, all, done, part.length);
            done += part.length;
        }
        assertEquals(LARGE, done);
        assertArrayEquals(p.payload, all);
        assertEquals(1, count("superSegmentsHeldBack"));
        assertNotEquals(0, send(packet(false, 2000), 1460));
    }

    @Test
    void roomForWhatWaitsRingsTheBell() throws Exception {
        open(MTU, 16);
        FabricQueue device = (FabricQueue) a.device();
        b.receive(new Received(b), 64);
        a.arm();
        send(packet(false, LARGE), 1460);
        a.flush();
        assertEquals(1, a.backlog());
        assertEquals(0, device.counters().bellsHeard());
        Received received = new Received(b);
        b.receive(received, 64);
        a.clearDoorbell();
        assertEquals(1, device.counters().bellsHeard());
        a.receive(new Received(a), 64);
        assertTrue(b.receive(received, 64) > 0);
    }

    @Test
    void whatWaitsForNobodyIsDropped() throws Exception {
        open(MTU, 16);
        long frame = send(packet(false, LARGE), 1460);
        a.free(frame);
        b.close();
        a.receive(new Received(a), 64);
        a.flush();
        a.receive(new Received(a), 64);
        assertEquals(0, a.backlog());
    }

    @Test
    void whatCannotBeCutIsRefused() throws Exception {
        open(MTU, 16);
        TestPacket p = packet(false, 2000);
        p.flags |= TestPacket.URG;
        assertThrows(IllegalArgumentException.class, () -> send(p, 1460));
        assertNotEquals(0, send(packet(false, 2000), 1460));
    }

    @Test
    void portsHaveNamesOfTheirOwn() throws Exception {
        open(MTU, 16);
        assertThrows(IllegalArgumentException.class, () -> nic.add(port));
        try (FabricPort other = FabricPort.open(FabricSettings.defaults().withMemoryBytes(16 << 20))) {
            assertThrows(IllegalArgumentException.class, () -> nic.openQueue(other));
        }
    }

    /** A port that has something to say is believed rather than one that just doesn't have the destination. */
    @Test
    void theRefusalThatSaysMostCounts() throws Exception {
        open(MTU, 16);
        IpEndpoint nobody = IpEndpoint.v4(0x7f000001, 9);
        assertEquals(new Resolution.Refused(Resolution.Reason.PEER_NOT_ON_FABRIC), nic.resolve(nobody, null));
        Path wrong = Files.createTempFile("ringway", "fabric");
        FabricSettings elsewhere =
                FabricSettings.defaults().withDirectory(wrong).withMemoryBytes(16 << 20);
        nic.add(FabricPort.open(elsewhere, "fabric-2", null));
        assertEquals(new Resolution.Refused(Resolution.Reason.DEVICE_ERROR), nic.resolve(nobody, null));
        Files.delete(wrong);
    }

    @Test
    void aNicWithoutPortsLeadsNowhere() {
        Resolution refused = nic.resolve(IpEndpoint.v4(0x7f000001, 80), null);
        assertEquals(new Resolution.Refused(Resolution.Reason.NO_ROUTE), refused);
        assertTrue(nic.counters().isEmpty());
    }
}
