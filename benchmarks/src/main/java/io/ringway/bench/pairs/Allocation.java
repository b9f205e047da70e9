package io.ringway.bench.pairs;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that the current thread has allocated so far. */
final class Allocation {
    private Allocation() {}

    /** Exact for platform threads; 0 for virtual ones, which the JDK doesn't count. */
    static long ofCurrentThread() {
        return Thread.currentThread().isVirtual()
                ? 0
                : ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
