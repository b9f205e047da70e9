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
    private static final Path LOAD = Path.of("/proc/loadavg");

    private Affinity() {}

    /**
     * Moves the calling thread to another one of its processors, if no more threads want to run than there are
     * processors for them. Its set of permitted processors is the same afterwards.
     *
     * @return whether it was moved
     */
    public static boolean leaveProcessor() {
        try (ProcessorSet all = ProcessorSet.of(0);
                ProcessorSet others = ProcessorSet.of(0)) {
            int here = processor();
            int processors = all.size();
            if (!all.contains(here) || processors < 2 || runnable() > processors) {
                return false;
            }
            others.remove(here);
            boolean moved = others.permit(0);
            all.permit(0);
            return moved;
        } catch (IOException e) {
            return false;
        }
    }

    /** The one that the calling thread runs on at this instant; -1 if the kernel doesn't tell. */
    private static int processor() {
        try (Struct number = new Struct(Integer.BYTES)) {
            return Kernel.call(SystemCall.GETCPU, number.address) == 0 ? number.bytes.getInt(0) : -1;
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
