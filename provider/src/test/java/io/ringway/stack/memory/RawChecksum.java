package io.ringway.stack.memory;

import io.ringway.nic.offload.Checksum;
import io.ringway.wire.Ip;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Checksums of packets that tests make by hand, apart from what the pipelines do. */
public final class RawChecksum {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private RawChecksum() {}

    /** The pseudo-header's part of the checksum (RFC 9293, section 3.1; RFC 8200, section 8.1). */
    public static long pseudoHeader(
            long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int tcpLength) {
        boolean v4 = sourceHigh == 0 && sourceLow >>> 32 == 0xffff;
        long mask = v4 ? 0xffff_ffffL : -1L;
        long sum = Checksum.add(0, sourceHigh);
        sum = Checksum.add(sum, sourceLow & mask);
        sum = Checksum.add(sum, destinationHigh);
        sum = Checksum.add(sum, destinationLow & mask);
        return sum + Ip.PROTOCOL_TCP + tcpLength;
    }

    /** Writes a checksum into its field. */
    public static void set(MemorySegment memory, long field, int checksum) {
        memory.set(SHORT, field, (short) checksum);
    }
}
