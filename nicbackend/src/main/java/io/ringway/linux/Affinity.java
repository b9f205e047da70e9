package io.ringway.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which processors the calling thread runs on. Meant for rare use by platform threads; allocates.
 *
 * <p>The kernel spreads threads that are woken, but leaves two that never sleep on one processor for seconds, while
 * another is idle.
 */
public final class Affinity {
    /** Bytes of a mask of 8,192 processors, the most that Linux can be built for. */
    private static final int MASK_BYTES = 1_024;

    private static final Path LOAD = Path.of("/proc/loadavg");

    private Affinity() {}

    /**
     * Moves the calling thread to another one of its processors, if no more threads want to run than there are
     * processors for them. Its set of permitted processors is the same afterwards.
     *
     * @return whether it was moved
     */
    public static boolean leaveProcessor() {
        try (Struct all = new Struct(MASK_BYTES);
                Struct others = new Struct(MASK_BYTES)) {
            long length = Kernel.call(SystemCall.SCHED_GETAFFINITY, 0, MASK_BYTES, all.address);
            int here = processor(all);
            if (length <= 0 || here < 0 || here >= length * Byte.SIZE) {
                return false;
            }
            int processors = 0;
            for (int i = 0; i < length; i++) {
                processors += Integer.bitCount(all.bytes.get(i) & 0xff);
            }
            if (processors < 2 || runnable() > processors) {
                return false;
            }
            others.bytes.put(0, all.bytes, 0, (int) length);
            int index = here / Byte.SIZE;
            others.bytes.put(index, (byte) (others.bytes.get(index) & ~(1 << here % Byte.SIZE)));
            boolean moved = Kernel.call(SystemCall.SCHED_SETAFFINITY, 0, length, others.address) == 0;
            Kernel.call(SystemCall.SCHED_SETAFFINITY, 0, length, all.address);
            return moved;
        } catch (IOException e) {
            return false;
        }
    }

    private static int processor(Struct permitted) {
        try (Struct number = new Struct(Integer.BYTES)) {
            if (Kernel.call(SystemCall.GETCPU, number.address) != 0) {
                return -1;
            }
            int here = number.bytes.getInt(0);
            boolean known = (permitted.bytes.get(here / Byte.SIZE) & 1 << here % Byte.SIZE) != 0;
            return known ? here : -1;
        }
    }

    /** Threads of the whole machine that run or want to, at this instant: the number before the slash. */
    private static int runnable() throws IOException {
        byte[] text = Files.readAllBytes(LOAD);
        int slash = 0;
        while (slash < text.length && text[slash] != '/') {
            slash++;
        }
        int value = 0;
        int digit = 1;
        for (int i = slash - 1; i >= 0 && text[i] >= '0' && text[i] <= '9'; i--) {
            value += digit * (text[i] - '0');
            digit *= 10;
        }
        return slash == text.length ? Integer.MAX_VALUE : value;
    }
}
