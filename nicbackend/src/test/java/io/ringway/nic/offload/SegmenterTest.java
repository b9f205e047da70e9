package io.ringway.nic.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Super-segments cut into segments, byte for byte. */
class SegmenterTest {
    private static final int[] WHOLE = {};

    @ParameterizedTest
    @EnumSource
    void aGoldenSuperSegmentIsCut(Golden g) {
        assertEquals(g.segments(), Cutting.cut(g.superHeaders, Golden.PAYLOAD, WHOLE, Golden.SEGMENT_SIZE, true));
    }

    @ParameterizedTest
    @EnumSource
    void theSameFromScatteredPieces(Golden g) {
        int[] pieces = {1, 2, 5, 3, 7};
        assertEquals(g.segments(), Cutting.cut(g.superHeaders, Golden.PAYLOAD, pieces, Golden.SEGMENT_SIZE, true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void checksumsAreLeftToThePort(boolean v6) {
        TestPacket p = TestPacket.of(v6).payload(25);
        List<String> segments = Cutting.cut(p.headers(), p.payload, WHOLE, 10, false);
        assertNotNull(segments);
        assertEquals(3, segments.size());
        for (String segment : segments) {
            byte[] bytes = HexFormat.of().parseHex(segment.substring(0, segment.indexOf(' ')));
            int tcp = v6 ? 40 : 20;
            assertEquals(0, bytes[tcp + 16] << 8 | bytes[tcp + 17]);
            assertTrue(v6 || (bytes[10] | bytes[11]) == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 65_535})
    void whatFitsIsOneSegmentAndStaysAsItIs(int segmentSize) {
        TestPacket p = TestPacket.v4()
                .flags(TestPacket.ACK | TestPacket.PSH | TestPacket.CWR)
                .payload(100);
        List<String> segments = Cutting.cut(p.headers(), p.payload, WHOLE, segmentSize, true);
        assertNotNull(segments);
        assertEquals((100 + segmentSize - 1) / segmentSize, segments.size());
        if (segmentSize >= 100) {
            assertEquals(p.hex(), segments.getFirst());
        }
    }

    @Test
    void aSegmentWithoutPayloadIsOneSegment() {
        TestPacket p = TestPacket.v6().flags(TestPacket.SYN);
        assertEquals(List.of(p.hex()), Cutting.cut(p.headers(), p.payload, WHOLE, 10, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {TestPacket.SYN, TestPacket.RST, TestPacket.URG})
    void whatMayNotBeCutIsRefused(int flag) {
        TestPacket p = TestPacket.v4().flags(TestPacket.ACK | flag).payload(11);
        assertNull(Cutting.cut(p.headers(), p.payload, WHOLE, 10, true));
        assertNotNull(Cutting.cut(p.headers(), p.payload, WHOLE, 11, true));
    }

    @Test
    void whatIsNoTcpSegmentIsRefused() {
        TestPacket fragment = TestPacket.v4().payload(11);
        fragment.fragment = 0x2000;
        assertNull(Cutting.cut(fragment.headers(), fragment.payload, WHOLE, 10, true));
        TestPacket p = TestPacket.v4().payload(11);
        byte[] udp = p.headers();
        udp[9] = 17;
        assertNull(Cutting.cut(udp, p.payload, WHOLE, 10, true));
        byte[] wrongLength = p.headers();
        wrongLength[3]++;
        assertNull(Cutting.cut(wrongLength, p.payload, WHOLE, 10, true));
        assertNull(Cutting.cut(new byte[36], p.payload, WHOLE, 10, true));
    }

    @Test
    void aSuperSegmentThatNoLengthFieldHolds() {
        for (boolean v6 : new boolean[] {false, true}) {
            TestPacket p = TestPacket.of(v6).payload(1 << 16);
            List<String> segments = Cutting.cut(p.headers(), p.payload, WHOLE, 1460, true);
            assertNotNull(segments);
            assertEquals(45, segments.size());
            TestPacket last = TestPacket.of(v6).sequence(1 + 44 * 1460).payload((1 << 16) - 44 * 1460);
            last.identification = 44;
            assertEquals(last.hex(), segments.getLast());
        }
    }

    @Test
    void adjacentPiecesAreOneDescriptor() {
        MemorySegment memory = Arena.ofAuto().allocate(100);
        MemorySegment other = Arena.ofAuto().allocate(100);
        DescriptorList list = new DescriptorList(4);
        list.add(memory, 10, 5, 1);
        list.add(memory, 15, 5, 1);
        list.add(memory, 20, 0, 1);
        assertEquals(1, list.size());
        list.add(memory, 20, 5, 2);
        list.add(other, 25, 5, 2);
        list.add(other, 31, 5, 2);
        assertEquals(4, list.size());
        assertEquals(25, list.bytes());
        assertTrue(list.isFull());
        assertTrue(list.continues(other, 36, 2));
        assertFalse(list.continues(other, 36, 1));
    }

    @Test
    void misuseIsToldApart() {
        Segmenter segmenter = new Segmenter(true, 1);
        assertThrows(IllegalStateException.class, segmenter::next);
        MemorySegment memory = Arena.ofAuto().allocate(100);
        DescriptorList two = new DescriptorList(2);
        two.add(memory, 0, 1, 1);
        two.add(memory, 5, 1, 1);
        assertThrows(IllegalArgumentException.class, () -> segmenter.begin(memory, 0, 40, two, 10));
        assertThrows(IllegalArgumentException.class, () -> segmenter.begin(memory, 0, 40, new DescriptorList(1), 0));
    }
}
