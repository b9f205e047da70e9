package io.ringway.linux;

/** The processors that one thread may run on, in native memory. The thread that made it. */
final class ProcessorSet implements AutoCloseable {
    /** Of 8,192 processors, the most that Linux can be built for. */
    private static final int MASK_BYTES = 1_024;

    private final Struct mask = new Struct(MASK_BYTES);
    /** Bytes that the kernel uses; 0 where it told nothing. */
    private final int length;

    private ProcessorSet(int thread) {
        length = (int) Math.max(0, Kernel.call(SystemCall.SCHED_GETAFFINITY, thread, MASK_BYTES, mask.address));
    }

    /**
     * Those of a thread of this process.
     *
     * @param thread its number, 0 for the calling one
     * @return an empty set if there is no such thread
     */
    static ProcessorSet of(int thread) {
        return new ProcessorSet(thread);
    }

    int size() {
        int size = 0;
        for (int i = 0; i < length; i++) {
            size += Integer.bitCount(mask.bytes.get(i) & 0xff);
        }
        return size;
    }

    boolean contains(int processor) {
        return processor >= 0
                && processor < length * Byte.SIZE
                && (mask.bytes.get(processor / Byte.SIZE) & bit(processor)) != 0;
    }

    /** The one with the lowest number; -1 if there is none. */
    int first() {
        int processor = 0;
        while (processor < length * Byte.SIZE && !contains(processor)) {
            processor++;
        }
        return processor < length * Byte.SIZE ? processor : -1;
    }

    /** Adds a processor that the kernel's masks have room for. */
    void add(int processor) {
        mask.bytes.put(processor / Byte.SIZE, (byte) (mask.bytes.get(processor / Byte.SIZE) | bit(processor)));
    }

    /** Adds all that the kernel's masks have room for. It takes those that there are for the process. */
    void addAll() {
        for (int i = 0; i < length; i++) {
            mask.bytes.put(i, (byte) -1);
        }
    }

    /** Takes out a processor that is in. */
    void remove(int processor) {
        mask.bytes.put(processor / Byte.SIZE, (byte) (mask.bytes.get(processor / Byte.SIZE) & ~bit(processor)));
    }

    private static int bit(int processor) {
        return 1 << processor % Byte.SIZE;
    }

    /**
     * Has a thread of this process run on these, and on no others, from now on.
     *
     * @param thread its number, 0 for the calling one
     * @return whether the kernel did so
     */
    boolean permit(int thread) {
        return Kernel.call(SystemCall.SCHED_SETAFFINITY, thread, length, mask.address) == 0;
    }

    @Override
    public void close() {
        mask.close();
    }
}
