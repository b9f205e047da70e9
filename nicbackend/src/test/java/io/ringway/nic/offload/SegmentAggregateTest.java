package io.ringway.nic.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cut and collected again, a super-segment is what it was. */
class SegmentAggregateTest {
    private static final int SEEDS = 2_000;

    @Test
    void cutAndCollectedIsTheOriginal() {
        for (int seed = 0; seed < SEEDS; seed++) {
            roundTrip(seed);
        }
    }

    private static void roundTrip(int seed) {
        Random random = new Random(seed);
        TestPacket original = packet(random);
        int segmentSize = random.nextBoolean() ? 1 + random.nextInt(200) : 536 + random.nextInt(9000);
        int most = Math.min(1 << 16, SegmentCollection.MOST_PIECES * segmentSize);
        original.payload(1 + random.nextInt(most));
        int[] pieces = random.ints(10, 1, 3000).toArray();
        byte[] headers = original.headers();
        List<String> segments = Cutting.cut(headers, original.payload, pieces, segmentSize, original.checksums);
        assertNotNull(segments, "seed " + seed);
        Collecting collecting = new Collecting(original.checksums);
        if (segments.size() > 1) {
            collecting.startFrame();
        }
        for (String segment : segments) {
            feed(collecting, segment, random, segments.size() == 1);
        }
        assertEquals(List.of(original.hex()), collecting.end(), "seed " + seed);
        assertEquals(0, collecting.outstanding(), "seed " + seed);
    }

    private static void feed(Collecting collecting, String segment, Random random, boolean only) {
        String[] parts = segment.split(" ");
        byte[] headers = HexFormat.of().parseHex(parts[0]);
        TestPacket p = new TestPacket() {
            @Override
            public byte[] headers() {
                return headers;
            }
        };
        p.payload(HexFormat.of().parseHex(parts[1]));
        if (p.payload.length < 150 && random.nextInt(4) == 0) {
            collecting.takeInline(p);
        } else if (only || random.nextInt(3) == 0 || p.payload.length > Collecting.FRAME) {
            collecting.take(p);
        } else {
            collecting.continueFrame(p);
        }
    }

    private static TestPacket packet(Random random) {
        TestPacket p = TestPacket.of(random.nextBoolean());
        p.checksums = random.nextInt(4) != 0;
        p.trafficClass = random.nextInt(256);
        p.timeToLive = 1 + random.nextInt(255);
        p.flowLabel = random.nextInt(1 << 20);
        p.identification = random.nextInt(1 << 16);
        p.fragment = random.nextBoolean() ? 0x4000 : 0;
        p.sequence = random.nextInt();
        p.acknowledgment = random.nextInt();
        p.window = random.nextInt(1 << 16);
        p.options = new byte[random.nextInt(11) * 4];
        random.nextBytes(p.options);
        int mayBe = TestPacket.CWR | TestPacket.ECE | TestPacket.PSH | TestPacket.FIN;
        p.flags = TestPacket.ACK | random.nextInt(256) & mayBe;
        return p;
    }
}
