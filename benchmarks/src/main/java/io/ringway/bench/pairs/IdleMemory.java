package io.ringway.bench.pairs;

import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * Memory of both processes at one moment, in bytes. The JVMs run with a heap of fixed size whose pages were all touched
 * at the start, so the heap's part in what is mapped does not change, and what lives in it is counted by itself.
 *
 * @param heap what lives in both heaps, after a collection
 * @param mapped everything that the processes map, pages that several map in shares
 * @param kernel what the kernel holds for sockets
 */
record IdleMemory(long heap, long mapped, long kernel) {
    private static final double KIB = 1024;

    /**
     * Now.
     *
     * @param serverHeap what the server's process has said just before
     */
    static IdleMemory now(long serverHeap, long serverPid) throws IOException {
        long self = ProcessHandle.current().pid();
        long heap = liveHeapBytes() + serverHeap;
        long mapped = (ProcessCost.memoryKiB(self) + ProcessCost.memoryKiB(serverPid)) * (long) KIB;
        return new IdleMemory(heap, mapped, KernelMemory.bytes(self, serverPid));
    }

    /** What lives in this process's heap, after a collection. */
    static long liveHeapBytes() {
        System.gc();
        System.gc(); // what cleaners and reference queues have let go
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What came on top of {@code before}, for each of {@code connections}. */
    void report(IdleMemory before, int connections, Result result) {
        double heapKiB = (heap - before.heap) / KIB / connections;
        double mappedKiB = (mapped - before.mapped) / KIB / connections;
        double kernelKiB = (kernel - before.kernel) / KIB / connections;
        result.put("idle_kib_per_connection", heapKiB + mappedKiB + kernelKiB)
                .put("idle_heap_kib", heapKiB)
                .put("idle_mapped_kib", mappedKiB)
                .put("idle_kernel_kib", kernelKiB)
                .put("idle_kernel_by", KernelMemory.countedBy());
    }
}
