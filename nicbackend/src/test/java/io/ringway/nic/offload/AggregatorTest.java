package io.ringway.nic.offload;

import static io.ringway.nic.offload.TestPacket.ACK;
import static io.ringway.nic.offload.TestPacket.CWR;
import static io.ringway.nic.offload.TestPacket.ECE;
import static io.ringway.nic.offload.TestPacket.FIN;
import static io.ringway.nic.offload.TestPacket.PSH;
import static io.ringway.nic.offload.TestPacket.RST;
import static io.ringway.nic.offload.TestPacket.SYN;
import static io.ringway.nic.offload.TestPacket.URG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Collections, what ends them, and the segments that come out. */
class AggregatorTest {
    private final Collecting c = new Collecting(true);

    @ParameterizedTest
    @EnumSource(
            value = Golden.class,
            names = {"V4", "V6"})
    void goldenSegmentsBecomeTheSuperSegment(Golden g) {
        for (String segment : g.segments()) {
            String[] parts = segment.split(" ");
            byte[] headers = HexFormat.of().parseHex(parts[0]);
            TestPacket raw = new TestPacket() {
                @Override
                public byte[] headers() {
                    return headers;
                }
            };
            c.take(raw.payload(HexFormat.of().parseHex(parts[1])));
        }
        assertEquals(List.of(g.superSegment()), c.out);
        assertEquals(1, c.endings(CollectionEnd.FIN));
        assertEquals(3, c.aggregator.counters().segmentsIn());
        assertEquals(1, c.aggregator.counters().segmentsOut());
        assertEquals(1, c.aggregator.counters().aggregatesOut());
        assertEquals(0, c.outstanding());
    }

    /** Two segments that would join but for {@code change}; both come out, in order. */
    private void endsBy(CollectionEnd reason, boolean v6, Consumer<TestPacket> change) {
        TestPacket first = TestPacket.of(v6).payload(100);
        TestPacket second = TestPacket.of(v6).after(first, 50);
        change.accept(second);
        assertEquals(List.of(first.hex(), second.hex()), c.take(first, second).end(), reason.name());
        assertEquals(1, c.endings(reason), reason.name());
        assertEquals(0, c.aggregator.counters().aggregatesOut());
        assertEquals(0, c.outstanding());
    }

    private static byte[] timestamps(int value) {
        return HexFormat.of()
                .parseHex("0101080a0000303900" + HexFormat.of().withUpperCase().toHexDigits((byte) value) + "0932");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aGapEnds(boolean v6) {
        endsBy(CollectionEnd.GAP, v6, p -> p.sequence++);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDuplicateEnds(boolean v6) {
        endsBy(CollectionEnd.DUPLICATE, v6, p -> p.sequence--);
    }

    @ParameterizedTest
    @ValueSource(ints = {SYN, RST, URG})
    void aFlagEnds(int flag) {
        endsBy(CollectionEnd.FLAGS, false, p -> p.flags |= flag);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAcknowledgmentWithoutPayloadEnds(boolean v6) {
        endsBy(CollectionEnd.PURE_ACKNOWLEDGMENT, v6, p -> p.payload(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherAcknowledgmentNumberEnds(boolean v6) {
        endsBy(CollectionEnd.ACKNOWLEDGMENT, v6, p -> p.acknowledgment++);
    }

    @Test
    void noAcknowledgmentEnds() {
        endsBy(CollectionEnd.ACKNOWLEDGMENT, false, p -> p.flags = 0);
    }

    @Test
    void anotherWindowEnds() {
        endsBy(CollectionEnd.WINDOW, false, p -> p.window++);
    }

    @Test
    void moreOptionsEnd() {
        endsBy(CollectionEnd.OPTIONS, true, p -> p.options = timestamps(1));
    }

    @Test
    void anotherTimestampEnds() {
        TestPacket first = TestPacket.v4().payload(10);
        first.options = timestamps(1);
        TestPacket second = TestPacket.v4().after(first, 10);
        second.options = timestamps(2);
        assertEquals(List.of(first.hex(), second.hex()), c.take(first, second).end());
        assertEquals(1, c.endings(CollectionEnd.OPTIONS));
    }

    @ParameterizedTest
    @ValueSource(ints = {ECE, CWR})
    void ecnFlagsEnd(int flag) {
        endsBy(CollectionEnd.ECN_FLAGS, false, p -> p.flags |= flag);
    }

    @Test
    void theFlagOfAccurateEcnEnds() {
        endsBy(CollectionEnd.ECN_FLAGS, false, p -> p.reserved = 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEcnMarkEnds(boolean v6) {
        endsBy(CollectionEnd.ECN_MARK, v6, p -> p.trafficClass = 3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherTrafficClassEnds(boolean v6) {
        endsBy(CollectionEnd.TRAFFIC_CLASS, v6, p -> p.trafficClass = 0x20);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherTimeToLiveEnds(boolean v6) {
        endsBy(CollectionEnd.TIME_TO_LIVE, v6, p -> p.timeToLive--);
    }

    @Test
    void anotherFlowLabelEnds() {
        endsBy(CollectionEnd.FLOW_LABEL, true, p -> p.flowLabel = 0x12345);
    }

    @Test
    void anotherDontFragmentBitEnds() {
        endsBy(CollectionEnd.DONT_FRAGMENT, false, p -> p.fragment = 0);
    }

    @Test
    void anotherIdentificationDoesNot() {
        TestPacket first = TestPacket.v4().payload(10);
        TestPacket second = TestPacket.v4().after(first, 10);
        second.identification = 77;
        assertEquals(
                List.of(TestPacket.v4().payload(20).hex()),
                c.take(first, second).end());
    }

    @Test
    void extensionHeadersEnd() {
        endsBy(CollectionEnd.EXTENSION_HEADER, true, p -> {
            p.behindIp = HexFormat.of().parseHex("0600050200000100");
            p.firstNextHeader = 0;
        });
    }

    @Test
    void ipOptionsEnd() {
        endsBy(
                CollectionEnd.EXTENSION_HEADER,
                false,
                p -> p.behindIp = HexFormat.of().parseHex("01010100"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x2000, 0x0010, 0x2010})
    void aFragmentEnds(int fragment) {
        endsBy(CollectionEnd.FRAGMENT, false, p -> p.fragment = fragment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0600000100000001", "0600001000000001"})
    void anIpv6FragmentEnds(String header) {
        endsBy(CollectionEnd.FRAGMENT, true, p -> {
            p.behindIp = HexFormat.of().parseHex(header);
            p.firstNextHeader = 44;
        });
    }

    @Test
    void aBrokenChecksumEndsAndIsDropped() {
        TestPacket first = TestPacket.v4().payload(100);
        TestPacket second = TestPacket.v4().after(first, 50);
        second.brokenChecksum = true;
        assertEquals(List.of(first.hex()), c.take(first, second).end());
        assertEquals(1, c.endings(CollectionEnd.CHECKSUM));
        assertEquals(1, c.aggregator.counters().badChecksums());
        assertEquals(0, c.outstanding());
    }

    @ParameterizedTest
    @ValueSource(ints = {PSH, FIN, PSH | FIN})
    void theLastSegmentJoinsAndEnds(int flags) {
        TestPacket first = TestPacket.v4().payload(33);
        TestPacket second = TestPacket.v4().after(first, 21).flags(ACK | flags);
        c.take(first, second);
        assertEquals(List.of(TestPacket.v4().payload(54).flags(ACK | flags).hex()), c.out);
        assertEquals(1, c.endings((flags & FIN) != 0 ? CollectionEnd.FIN : CollectionEnd.PUSH));
    }

    @Test
    void aFinWithoutPayloadJoins() {
        TestPacket first = TestPacket.v6().payload(33);
        c.take(first, TestPacket.v6().after(first, 0).flags(ACK | FIN));
        assertEquals(List.of(TestPacket.v6().payload(33).flags(ACK | FIN).hex()), c.out);
        assertEquals(0, c.outstanding());
    }

    @ParameterizedTest
    @ValueSource(ints = {PSH, FIN})
    void whatWouldEndAtOnceDoesNotBegin(int flag) {
        TestPacket p = TestPacket.v4().payload(33).flags(ACK | flag);
        c.take(p);
        assertEquals(List.of(p.hex()), c.out);
        for (CollectionEnd reason : CollectionEnd.values()) {
            assertEquals(0, c.endings(reason));
        }
    }

    @Test
    void bytesAreBounded() {
        List<TestPacket> packets = new ArrayList<>();
        TestPacket last = TestPacket.v4().payload(0);
        for (int i = 0; i < 50; i++) {
            last = TestPacket.v4().after(last, 1460);
            packets.add(last);
        }
        c.take(packets.toArray(TestPacket[]::new)).end();
        assertEquals(1, c.endings(CollectionEnd.SIZE));
        assertEquals(1, c.endings(CollectionEnd.BATCH_END));
        assertEquals(
                List.of(
                        TestPacket.v4().payload(44 * 1460).hex(),
                        TestPacket.v4()
                                .sequence(1 + 44 * 1460)
                                .payload(6 * 1460)
                                .hex()),
                c.out);
    }

    @Test
    void piecesAreBounded() {
        TestPacket last = TestPacket.v4().payload(0);
        for (int i = 0; i < SegmentCollection.MOST_PIECES + 1; i++) {
            last = TestPacket.v4().after(last, 10);
            c.take(last);
        }
        assertEquals(
                List.of(TestPacket.v4()
                        .payload(SegmentCollection.MOST_PIECES * 10)
                        .hex()),
                c.out);
        assertEquals(1, c.endings(CollectionEnd.SIZE));
    }

    @Test
    void copiedBytesAreBounded() {
        TestPacket[] last = new TestPacket[2];
        StringBuilder[] sent = new StringBuilder[2];
        for (int flow = 0; flow < 2; flow++) {
            last[flow] = flow(flow).payload(0);
            sent[flow] = new StringBuilder();
        }
        for (int i = 0; i < 60; i++) {
            for (int flow = 0; flow < 2; flow++) {
                last[flow] = flow(flow).after(last[flow], 1000);
                sent[flow].append(HexFormat.of().formatHex(last[flow].payload));
                c.takeInline(last[flow]);
            }
        }
        c.end();
        assertTrue(c.endings(CollectionEnd.SIZE) > 0);
        StringBuilder[] received = {new StringBuilder(), new StringBuilder()};
        for (String segment : c.out) {
            received[segment.startsWith("9c41", 40) ? 1 : 0].append(segment.split(" ")[1]);
        }
        assertEquals(sent[0].toString(), received[0].toString());
        assertEquals(sent[1].toString(), received[1].toString());
    }

    private static TestPacket flow(int number) {
        TestPacket p = TestPacket.v4();
        p.sourcePort = 40_000 + number;
        return p;
    }

    @Test
    void theTableIsBoundedAndTheOldestGoesFirst() {
        for (int i = 0; i <= Aggregator.FLOWS; i++) {
            c.take(flow(i).payload(10));
        }
        assertEquals(List.of(flow(0).payload(10).hex()), c.out);
        assertEquals(1, c.endings(CollectionEnd.TABLE_FULL));
        assertEquals(Aggregator.FLOWS + 1, c.end().size());
        assertEquals(Aggregator.FLOWS, c.endings(CollectionEnd.BATCH_END));
    }

    @Test
    void flowsDoNotMix() {
        TestPacket a1 = flow(0).payload(10);
        TestPacket b1 = TestPacket.v6().payload(11);
        TestPacket d1 = flow(1).payload(12);
        c.take(a1, b1, d1, flow(0).after(a1, 5), TestPacket.v6().after(b1, 6), flow(1).after(d1, 7));
        assertEquals(
                List.of(
                        flow(0).payload(15).hex(),
                        TestPacket.v6().payload(17).hex(),
                        flow(1).payload(19).hex()),
                c.end());
        assertEquals(3, c.aggregator.counters().aggregatesOut());
    }

    @Test
    void payloadInSlotsIsCopiedInTime() {
        TestPacket first = TestPacket.v4().payload(101);
        c.takeInline(first);
        TestPacket second = TestPacket.v4().after(first, 99);
        c.takeInline(second);
        c.take(TestPacket.v4().after(second, 50));
        assertEquals(List.of(TestPacket.v4().payload(250).hex()), c.end());
        assertEquals(0, c.outstanding());
    }

    @Test
    void piecesOfOneFrameAreOneDescriptor() {
        TestPacket last = TestPacket.v4().payload(0);
        c.startFrame();
        for (int i = 0; i < SegmentCollection.MOST_PIECES * 2; i++) {
            last = TestPacket.v4().after(last, 10);
            c.continueFrame(last);
        }
        assertEquals(1, c.outstanding(), "one reference to the frame is enough");
        assertEquals(
                List.of(TestPacket.v4()
                        .payload(SegmentCollection.MOST_PIECES * 20)
                        .hex()),
                c.end());
        assertEquals(0, c.endings(CollectionEnd.SIZE));
        assertEquals(0, c.outstanding());
    }

    @Test
    void anotherLinkEnds() {
        TestPacket first = TestPacket.v4().payload(10);
        TestPacket second = TestPacket.v4().after(first, 10);
        c.take(first);
        c.takeFrom(new Collecting.Way(), second);
        assertEquals(List.of(first.hex(), second.hex()), c.end());
        assertEquals(1, c.endings(CollectionEnd.OTHER_LINK));
    }

    @Test
    void theEndOfAPeerComesBehindWhatItSent() {
        TestPacket p = TestPacket.v4().payload(10);
        c.take(p);
        Collecting.Way peer = new Collecting.Way();
        c.aggregator.onPeerGone(peer);
        assertEquals(List.of(p.hex()), c.out);
        assertEquals(List.of(peer), c.gone);
        assertEquals(1, c.endings(CollectionEnd.PEER_GONE));
    }

    @Test
    void otherPacketsPass() {
        byte[] udp = TestPacket.v4().headers();
        udp[9] = 17;
        c.takeRaw(udp, 0);
        assertEquals(List.of(HexFormat.of().formatHex(udp) + " "), c.out);
        assertEquals(0, c.aggregator.counters().segmentsIn());
    }
}
