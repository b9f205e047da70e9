package io.ringway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.nic.IpEndpoint;
import io.ringway.nic.offload.Checksum;
import io.ringway.stack.memory.RawChecksum;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The Internet checksum against RFC 1071 taken literally. */
class ChecksumTest {
    private final Random random = new Random(11);

    private static int naive(byte[] data) {
        int sum = 0;
        for (int i = 0; i < data.length; i += 2) {
            int second = i + 1 < data.length ? data[i + 1] & 0xff : 0;
            sum += (data[i] & 0xff) << 8 | second;
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    private byte[] bytes(int length) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }

    @Test
    void rfc1071Example() {
        byte[] data = HeaderWords.bytes("0001 f203 f4f5 f6f7");
        assertEquals(~0xddf2 & 0xffff, Checksum.fold(Checksum.add(0, MemorySegment.ofArray(data), 0, 8)));
    }

    @Test
    void allLengthsAtAllOffsets() {
        byte[] data = bytes(200);
        MemorySegment m = MemorySegment.ofArray(data);
        for (int offset = 0; offset < 16; offset++) {
            for (int length = 0; length <= 180; length++) {
                int expected = naive(Arrays.copyOfRange(data, offset, offset + length));
                assertEquals(expected, Checksum.fold(Checksum.add(0, m, offset, length)));
            }
        }
    }

    @Test
    void zerosAndOnes() {
        for (int length : new int[] {1, 2, 3, 1500, 65_535, 65_536, 1 << 20}) {
            byte[] data = new byte[length];
            assertEquals(naive(data), Checksum.fold(Checksum.add(0, MemorySegment.ofArray(data), 0, length)));
            Arrays.fill(data, (byte) 0xff);
            assertEquals(naive(data), Checksum.fold(Checksum.add(0, MemorySegment.ofArray(data), 0, length)));
        }
    }

    @Test
    void inPieces() {
        for (int i = 0; i < 500; i++) {
            byte[] data = bytes(random.nextInt(1, 300));
            MemorySegment m = MemorySegment.ofArray(data);
            int cut = random.nextInt(data.length + 1) & ~1;
            long sum = Checksum.add(Checksum.add(0, m, 0, cut), m, cut, data.length - cut);
            assertEquals(naive(data), Checksum.fold(sum));
        }
    }

    @Test
    void ofWords() {
        byte[] data = bytes(64);
        long[] words = HeaderWords.of(data);
        for (int from = 0; from < 32; from += 4) {
            for (int length = 0; length <= 32; length += 4) {
                int expected = naive(Arrays.copyOfRange(data, from, from + length));
                assertEquals(expected, Checksum.fold(Checksum.add(0, words, from, length)));
            }
        }
    }

    @Test
    void ofNumbers() {
        for (int i = 0; i < 1000; i++) {
            long value = random.nextLong();
            byte[] data = ByteBuffer.allocate(8).putLong(value).array();
            assertEquals(naive(data), Checksum.fold(Checksum.add(0, value)));
        }
    }

    @Test
    void theRightChecksumMakesZero() {
        for (int i = 0; i < 500; i++) {
            byte[] data = bytes(2 + 2 * random.nextInt(100));
            data[0] = 0;
            data[1] = 0;
            int sum = naive(data);
            data[0] = (byte) (sum >> 8);
            data[1] = (byte) sum;
            assertEquals(0, Checksum.fold(Checksum.add(0, MemorySegment.ofArray(data), 0, data.length)));
        }
    }

    @Test
    void ipv4PseudoHeader() {
        for (int i = 0; i < 500; i++) {
            IpEndpoint from = IpEndpoint.v4(random.nextInt(), 0);
            IpEndpoint to = IpEndpoint.v4(random.nextInt(), 0);
            byte[] segment = bytes(random.nextInt(20, 1500));
            ByteBuffer pseudo = ByteBuffer.allocate(12);
            pseudo.putInt(from.v4Address()).putInt(to.v4Address());
            pseudo.put((byte) 0).put((byte) 6).putShort((short) segment.length);
            check(from, to, segment, pseudo.array());
        }
    }

    @Test
    void ipv6PseudoHeader() {
        for (int i = 0; i < 500; i++) {
            IpEndpoint from = new IpEndpoint(random.nextLong(), random.nextLong(), 0);
            IpEndpoint to = new IpEndpoint(random.nextLong(), random.nextLong(), 0);
            byte[] segment = bytes(random.nextInt(20, 70_000));
            ByteBuffer pseudo = ByteBuffer.allocate(40);
            pseudo.putLong(from.high()).putLong(from.low()).putLong(to.high()).putLong(to.low());
            pseudo.putInt(segment.length).putInt(6);
            check(from, to, segment, pseudo.array());
        }
    }

    private static void check(IpEndpoint from, IpEndpoint to, byte[] segment, byte[] pseudo) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(pseudo);
        all.writeBytes(segment);
        long sum = RawChecksum.pseudoHeader(from.high(), from.low(), to.high(), to.low(), segment.length);
        sum = Checksum.add(sum, MemorySegment.ofArray(segment), 0, segment.length);
        assertEquals(naive(all.toByteArray()), Checksum.fold(sum));
    }
}
