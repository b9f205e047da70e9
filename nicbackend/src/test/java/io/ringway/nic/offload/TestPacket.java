package io.ringway.nic.offload;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** A TCP/IP packet by its fields, laid out by code that shares nothing with what is tested. Each "with" changes it. */
public class TestPacket {
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;
    public static final int URG = 32;
    public static final int ECE = 64;
    public static final int CWR = 128;

    public boolean v6;
    public int trafficClass;
    public int timeToLive = 64;
    public int flowLabel;
    public int identification;
    public int fragment = 0x4000;
    public byte[] behindIp = {};
    public int firstNextHeader = 6;
    public int sourcePort = 40_000;
    public int destinationPort = 80;
    public int reserved;
    public int sequence = 1;
    public int acknowledgment = 7;
    public int flags = ACK;
    public int window = 501;
    public byte[] options = {};
    public byte[] payload = {};
    public boolean brokenChecksum;
    public boolean checksums = true;

    public static TestPacket v4() {
        return new TestPacket();
    }

    public static TestPacket v6() {
        TestPacket p = new TestPacket();
        p.v6 = true;
        return p;
    }

    public static TestPacket of(boolean v6) {
        return v6 ? v6() : v4();
    }

    public TestPacket sequence(int s) {
        sequence = s;
        return this;
    }

    public TestPacket flags(int f) {
        flags = f;
        return this;
    }

    public TestPacket payload(byte[] bytes) {
        payload = bytes;
        return this;
    }

    public TestPacket payload(int length) {
        payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (sequence + i);
        }
        return this;
    }

    /** The segment after this one, with the same headers and {@code length} bytes. */
    public TestPacket after(TestPacket before, int length) {
        sequence = before.sequence + before.payload.length;
        return payload(length);
    }

    public byte[] headers() {
        byte[] tcp = tcp();
        ByteBuffer b = ByteBuffer.allocate((v6 ? 40 : 20) + behindIp.length + tcp.length);
        int total = b.capacity() + payload.length;
        if (v6) {
            int length = total - 40;
            b.putInt(6 << 28 | trafficClass << 20 | flowLabel).putShort((short) (length > 0xffff ? 0 : length));
            b.put((byte) firstNextHeader).put((byte) timeToLive).put(source()).put(destination());
        } else {
            int words = 5 + behindIp.length / 4;
            b.put((byte) (0x40 | words)).put((byte) trafficClass).putShort((short) (total > 0xffff ? 0 : total));
            b.putShort((short) identification).putShort((short) fragment);
            b.put((byte) timeToLive)
                    .put((byte) 6)
                    .putShort((short) 0)
                    .put(source())
                    .put(destination());
        }
        b.put(behindIp);
        if (!v6 && checksums) {
            b.putShort(10, (short) checksum(Arrays.copyOf(b.array(), b.position())));
        }
        return b.put(tcp).array();
    }

    private byte[] source() {
        return HexFormat.of().parseHex(v6 ? "20010db8000000000000000000000001" : "c0000201");
    }

    private byte[] destination() {
        return HexFormat.of().parseHex(v6 ? "20010db8000100000000000000000002" : "c6336402");
    }

    private byte[] tcp() {
        ByteBuffer b = ByteBuffer.allocate(20 + options.length);
        b.putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putInt(sequence)
                .putInt(acknowledgment);
        b.put((byte) (b.capacity() / 4 << 4 | reserved)).put((byte) flags).putShort((short) window);
        b.putShort((short) 0).putShort((short) 0).put(options);
        if (checksums) {
            ByteArrayOutputStream covered = new ByteArrayOutputStream();
            covered.writeBytes(source());
            covered.writeBytes(destination());
            int length = b.capacity() + payload.length;
            covered.writeBytes(ByteBuffer.allocate(8).putInt(length).putInt(6).array());
            covered.writeBytes(b.array());
            covered.writeBytes(payload);
            b.putShort(16, (short) (checksum(covered.toByteArray()) ^ (brokenChecksum ? 0x100 : 0)));
        }
        return b.array();
    }

    private static int checksum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (i & 1) == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
        }
        while (sum > 0xffff) {
            sum = sum % 0x10000 + sum / 0x10000;
        }
        return (int) (0xffff - sum);
    }

    /** Headers and payload in hexadecimal. */
    public String hex() {
        return HexFormat.of().formatHex(headers()) + " " + HexFormat.of().formatHex(payload);
    }
}
