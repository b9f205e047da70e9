package io.ringway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.memory.Words;
import io.ringway.nic.IpEndpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Whole headers, byte for byte. */
class GoldenPacketTest {
    private static final String V4 = "45 10 00 2d 00 00 40 00 40 06 00 00 0a 01 02 03 c0 a8 fe 09"
            + " 9c 40 00 50 01 02 03 04 f1 f2 f3 f4 50 18 12 34 00 00 00 00";
    private static final String V6 = "62 00 00 00 00 19 06 40"
            + " 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"
            + " fe 80 00 00 00 00 00 00 02 11 22 ff fe 33 44 55"
            + " ff ff 00 01 80 00 00 00 7f ff ff ff 50 11 ff ff 00 00 00 00";
    private static final String SYN_OPTIONS = "02 04 ff ff 01 03 03 07 fd 0c 52 57 00 00 00 00 01 23 45 80";

    private final MemorySegment memory = Arena.ofAuto().allocate(128, 8);
    private final Words words = new Words(memory);

    private static IpEndpoint endpoint(String address, int port) {
        try {
            return IpEndpoint.of(InetAddress.getByName(address), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static HeaderTemplate template(IpEndpoint from, IpEndpoint to) {
        return new HeaderTemplate(from.high(), from.low(), from.port(), to.high(), to.low(), to.port());
    }

    private static String plain(String hex) {
        return hex.replaceAll("\\s", "");
    }

    private byte[] bytes() {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    private String written(int at, int length) {
        return HexFormat.of().formatHex(bytes(), at, at + length);
    }

    @Test
    void ipv4() {
        HeaderTemplate t = template(endpoint("10.1.2.3", 40_000), endpoint("192.168.254.9", 80));
        assertTrue(t.isV4());
        assertEquals(20, t.ipLength());
        int control = Tcp.control(Tcp.HEADER, Tcp.PSH | Tcp.ACK, 0x1234);
        t.write(words, 8, 0x10, 45, 0x0102_0304, 0xf1f2_f3f4, control);
        assertEquals(plain(V4), written(8, 40));
        assertEquals(0, bytes()[7]);
        assertEquals(0, bytes()[48]);
    }

    @Test
    void ipv4Read() {
        long[] w = HeaderWords.of(HeaderWords.bytes(V4));
        assertEquals(20, Ip.validate(w, 40, 45));
        assertTrue(Ip.isV4(w));
        assertEquals(endpoint("10.1.2.3", 0), new IpEndpoint(Ip.sourceHigh(w), Ip.sourceLow(w), 0));
        assertEquals(endpoint("192.168.254.9", 0), new IpEndpoint(Ip.destinationHigh(w), Ip.destinationLow(w), 0));
        assertEquals(20, Tcp.validate(w, 20, 40));
        assertEquals(40_000, Tcp.sourcePort(w, 20));
        assertEquals(80, Tcp.destinationPort(w, 20));
        assertEquals(0x0102_0304, Tcp.sequence(w, 20));
        assertEquals(0xf1f2_f3f4, Tcp.acknowledgment(w, 20));
        assertEquals(Tcp.PSH | Tcp.ACK, Tcp.flags(w, 20));
        assertEquals(0x1234, Tcp.window(w, 20));
    }

    @Test
    void ipv6() {
        IpEndpoint from = endpoint("2001:db8::1", 0xffff);
        IpEndpoint to = endpoint("fe80::211:22ff:fe33:4455", 1);
        HeaderTemplate t = template(from, to);
        assertFalse(t.isV4());
        assertEquals(40, t.ipLength());
        int control = Tcp.control(Tcp.HEADER, Tcp.FIN | Tcp.ACK, 0xffff);
        t.write(words, 16, 0x20, 65, 0x8000_0000, 0x7fff_ffff, control);
        assertEquals(plain(V6), written(16, 60));
        assertEquals(0, bytes()[15]);
        assertEquals(0, bytes()[76]);
    }

    @Test
    void ipv6Read() {
        long[] w = HeaderWords.of(HeaderWords.bytes(V6));
        assertEquals(40, Ip.validate(w, 60, 65));
        assertFalse(Ip.isV4(w));
        assertEquals(endpoint("2001:db8::1", 0), new IpEndpoint(Ip.sourceHigh(w), Ip.sourceLow(w), 0));
        IpEndpoint to = new IpEndpoint(Ip.destinationHigh(w), Ip.destinationLow(w), 0);
        assertEquals(endpoint("fe80::211:22ff:fe33:4455", 0), to);
        assertEquals(20, Tcp.validate(w, 40, 60));
        assertEquals(0xffff, Tcp.sourcePort(w, 40));
        assertEquals(1, Tcp.destinationPort(w, 40));
        assertEquals(0x8000_0000, Tcp.sequence(w, 40));
        assertEquals(0x7fff_ffff, Tcp.acknowledgment(w, 40));
        assertEquals(Tcp.FIN | Tcp.ACK, Tcp.flags(w, 40));
        assertEquals(0xffff, Tcp.window(w, 40));
    }

    @Test
    void trafficClassStaysInItsField() {
        template(endpoint("::1", 1), endpoint("::2", 2)).write(words, 0, 0xff, 60, 0, 0, 0);
        assertEquals("6ff00000", written(0, 4));
        template(endpoint("1.1.1.1", 1), endpoint("2.2.2.2", 2)).write(words, 0, 0xff, 40, 0, 0, 0);
        assertEquals("45ff0028", written(0, 4));
    }

    @Test
    void allPorts() {
        for (int port : new int[] {1, 0x7fff, 0x8000, 0xfffe, 0xffff}) {
            template(endpoint("1.1.1.1", port), endpoint("2.2.2.2", 0x10000 - port))
                    .write(words, 0, 0, 40, -1, -1, 0);
            long[] w = HeaderWords.of(bytes());
            assertEquals(port, Tcp.sourcePort(w, 20));
            assertEquals(0x10000 - port, Tcp.destinationPort(w, 20));
            assertEquals(-1, Tcp.sequence(w, 20));
            assertEquals(-1, Tcp.acknowledgment(w, 20));
        }
    }

    /** Lengths that the field can't hold are 0, as Linux writes its own super-segments. */
    @Test
    void superSegments() {
        HeaderTemplate v4 = template(endpoint("1.1.1.1", 1), endpoint("2.2.2.2", 2));
        v4.write(words, 0, 0, 0xffff, 0, 0, Tcp.control(Tcp.HEADER, Tcp.ACK, 0));
        assertEquals("ffff", written(2, 2));
        assertEquals(20, Ip.validate(HeaderWords.of(bytes()), 40, 0xffff));
        v4.write(words, 0, 0, 0x1_0000, 0, 0, Tcp.control(Tcp.HEADER, Tcp.ACK, 0));
        assertEquals("0000", written(2, 2));
        assertEquals(20, Ip.validate(HeaderWords.of(bytes()), 40, 0x1_0000));
        assertEquals(-1, Ip.validate(HeaderWords.of(bytes()), 40, 0xffff));

        HeaderTemplate v6 = template(endpoint("::1", 1), endpoint("::2", 2));
        v6.write(words, 0, 0, 40 + 0xffff, 0, 0, Tcp.control(Tcp.HEADER, Tcp.ACK, 0));
        assertEquals("ffff", written(4, 2));
        assertEquals(40, Ip.validate(HeaderWords.of(bytes()), 60, 40 + 0xffff));
        v6.write(words, 0, 0, 40 + 0x1_0000, 0, 0, Tcp.control(Tcp.HEADER, Tcp.ACK, 0));
        assertEquals("0000", written(4, 2));
        assertEquals(40, Ip.validate(HeaderWords.of(bytes()), 60, 40 + 0x1_0000));
        assertEquals(-1, Ip.validate(HeaderWords.of(bytes()), 60, 40 + 0xffff));
    }

    @Test
    void synOptions() {
        TcpOption.writeSyn(words, 5, 0xffff, 7, 0x0123_4580L);
        assertEquals(plain(SYN_OPTIONS), written(5, TcpOption.SYN_OPTIONS));
        assertEquals(0, bytes()[4]);
        assertEquals(0, bytes()[5 + TcpOption.SYN_OPTIONS]);
    }

    @Test
    void synOptionsWithoutScale() {
        TcpOption.writeSyn(words, 0, 1460, -1, 0);
        long[] w = HeaderWords.of(bytes());
        assertEquals("020405b401010101", written(0, 8));
        assertEquals(1460, TcpOption.maximumSegmentSize(w, 0, TcpOption.SYN_OPTIONS, 7));
        assertEquals(-1, TcpOption.windowShift(w, 0, TcpOption.SYN_OPTIONS));
        assertEquals(0, TcpOption.readPosition(w, 0, TcpOption.SYN_OPTIONS));
    }

    @Test
    void synOptionsRead() {
        TcpOption.writeSyn(words, 40, 9000, 14, 0x7edc_ba98_7654_3210L);
        long[] w = HeaderWords.of(bytes());
        int end = 40 + TcpOption.SYN_OPTIONS;
        assertEquals(9000, TcpOption.maximumSegmentSize(w, 40, end, 7));
        assertEquals(14, TcpOption.windowShift(w, 40, end));
        assertEquals(0x7edc_ba98_7654_3210L, TcpOption.readPosition(w, 40, end));
    }
}
