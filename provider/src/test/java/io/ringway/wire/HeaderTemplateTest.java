package io.ringway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.memory.Words;
import io.ringway.nic.IpEndpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The headers that one side writes are those that the other one expects, and no others are. */
class HeaderTemplateTest {
    private static final int PAYLOAD = 777;

    private final Words memory = new Words(Arena.ofAuto().allocate(128, 8));
    private HeaderTemplate near = template(IpEndpoint.v4(1, 1), IpEndpoint.v4(2, 2));
    private HeaderTemplate far = near;

    private static HeaderTemplate template(IpEndpoint from, IpEndpoint to) {
        return new HeaderTemplate(from.high(), from.low(), from.port(), to.high(), to.low(), to.port());
    }

    private void between(String a, String b) throws Exception {
        IpEndpoint one = IpEndpoint.of(InetAddress.getByName(a), 40_001);
        IpEndpoint other = IpEndpoint.of(InetAddress.getByName(b), 443);
        near = template(one, other);
        far = template(other, one);
    }

    /** What {@code far} writes, as a device queue hands it over. */
    private byte[] written(int payload) {
        int length = far.ipLength() + Tcp.HEADER;
        far.write(memory, 0, 0x10, length + payload, 0x8123_4567, 0x89ab_cdef, Tcp.control(Tcp.HEADER, Tcp.ACK, 99));
        byte[] bytes = memory.segment().toArray(ValueLayout.JAVA_BYTE);
        return Arrays.copyOf(bytes, length);
    }

    private boolean expected(byte[] header, int payload) {
        return near.isAnsweredBy(HeaderWords.of(header), header.length, payload);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, 192.168.254.9", "127.0.0.1, 127.0.0.1", "2001:db8::1, fe80::2", "::1, ::1"})
    void whatTheOtherSideWritesIsExpected(String a, String b) throws Exception {
        between(a, b);
        for (int payload : new int[] {1, 64, PAYLOAD, 65_536, 1 << 20}) {
            assertTrue(expected(written(payload), payload), "payload " + payload);
        }
        assertFalse(expected(written(PAYLOAD), PAYLOAD + 1));
    }

    /** Every bit that a header may not differ in, by its mask; those of TCP behind the ports are looked at elsewhere. */
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 192.168.254.9, ff00ffff0000ffff00ff0000ffffffffffffffffffffffff",
        "2001:db8::1, fe80::2, f0000000ffffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    })
    void aBitMoreOrLessIsNot(String a, String b, String fixed) throws Exception {
        between(a, b);
        byte[] mask = HexFormat.of().parseHex(fixed);
        byte[] header = written(PAYLOAD);
        BitSet wrong = new BitSet();
        for (int bit = 0; bit < header.length * 8; bit++) {
            byte[] other = header.clone();
            other[bit / 8] ^= (byte) (0x80 >>> bit % 8);
            boolean matters = bit / 8 < mask.length && (mask[bit / 8] & 0x80 >>> bit % 8) != 0;
            if (expected(other, PAYLOAD) == matters) {
                wrong.set(bit);
            }
        }
        assertEquals(new BitSet(), wrong);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, 192.168.254.9, 2001:db8::1, fe80::2", "2001:db8::1, fe80::2, 10.1.2.3, 192.168.254.9"})
    void theOtherVersionIsNot(String a, String b, String c, String d) throws Exception {
        between(c, d);
        byte[] header = written(PAYLOAD);
        between(a, b);
        assertFalse(expected(header, PAYLOAD));
    }
}
