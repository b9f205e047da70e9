package io.ringway.nic.wrap;

import io.ringway.nic.Link;
import java.util.SplittableRandom;

/** A packet that goes out later, or changed: a copy. */
record HeldPacket(Link link, byte[] bytes, int headerLength, long due, long number) implements Comparable<HeldPacket> {
    @Override
    public int compareTo(HeldPacket other) {
        long earlier = due - other.due;
        return earlier != 0 ? Long.signum(earlier) : Long.compare(number, other.number);
    }

    int payloadLength() {
        return bytes.length - headerLength;
    }

    void corrupt(SplittableRandom random) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
}
