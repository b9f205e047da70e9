package io.ringway.linux;

/** How much of a busy processor a thread gets. */
public final class Priority {
    private static final int OF_A_THREAD = 0;
    private static final int CALLING = 0;
    private static final int LOWEST = 19;

    private Priority() {}

    /**
     * Gives the calling platform thread the lowest priority among ordinary threads, for the rest of its life: it runs at
     * full speed where a processor is idle, and hardly disturbs anybody where none is.
     *
     * @return whether the system did it
     */
    public static boolean lowest() {
        return Kernel.call(SystemCall.SETPRIORITY, OF_A_THREAD, CALLING, LOWEST) == 0;
    }
}
