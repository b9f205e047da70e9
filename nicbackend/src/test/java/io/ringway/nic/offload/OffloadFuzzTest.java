package io.ringway.nic.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Any bytes as packets: nothing is lost, made up or mixed, and no exception. */
class OffloadFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anySuperSegmentIsCutOrRefused(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int headerLength = Math.min(input[0] & 0xff, input.length - 2) & ~3;
        int segmentSize = 1 + (input[1] & 0xff);
        byte[] headers = Arrays.copyOfRange(input, 2, 2 + headerLength);
        byte[] payload = Arrays.copyOfRange(input, 2 + headerLength, input.length);
        List<String> segments = Cutting.cut(headers, payload, new int[] {7, 11}, segmentSize, true);
        if (segments == null) {
            return;
        }
        StringBuilder all = new StringBuilder();
        for (String segment : segments) {
            String bytes = segment.substring(segment.indexOf(' ') + 1);
            assertTrue(bytes.length() <= 2 * segmentSize, "a segment of " + bytes.length() / 2);
            assertEquals(2 * headerLength, segment.indexOf(' '));
            all.append(bytes);
        }
        assertEquals(HexFormat.of().formatHex(payload), all.toString());
    }

    /** Packets one behind the other: a byte of headers' length, a byte of payload's length, the bytes. */
    @FuzzTest(maxDuration = "60s")
    void anyPacketsComeOutAgain(byte[] input) {
        for (boolean checksums : new boolean[] {false, true}) {
            Collecting collecting = new Collecting(checksums);
            int sent = feed(collecting, input);
            int received = 0;
            for (String segment : collecting.end()) {
                received += (segment.length() - segment.indexOf(' ') - 1) / 2;
            }
            assertTrue(checksums ? received <= sent : received == sent, sent + " bytes in, " + received + " out");
            assertEquals(0, collecting.outstanding());
        }
    }

    private static int feed(Collecting collecting, byte[] input) {
        int sent = 0;
        int at = 0;
        while (at + 2 <= input.length) {
            int headerLength = Math.min(input[at] & 0x7f, input.length - at - 2);
            boolean inline = input[at] < 0;
            int length = Math.min(input[at + 1] & 0xff, input.length - at - 2 - headerLength);
            byte[] headers = Arrays.copyOfRange(input, at + 2, at + 2 + headerLength);
            TestPacket p = new TestPacket() {
                @Override
                public byte[] headers() {
                    return headers;
                }
            };
            at += 2 + headerLength;
            p.payload(Arrays.copyOfRange(input, at, at + length));
            at += length;
            sent += length;
            if (inline) {
                collecting.takeInline(p);
            } else {
                collecting.take(p);
            }
        }
        return sent;
    }
}
