package io.ringway.compat.support;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process holds, as the kernel and the JVM count it. */
public final class ProcFs {
    private ProcFs() {}

    public static int openFiles() {
        String[] names = new File("/proc/self/fd").list();
        if (names == null) {
            throw new AssertionError("/proc/self/fd can't be listed");
        }
        return names.length;
    }

    public static int platformThreads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** Bytes of shared memory that this process has touched. */
    public static long sharedMemory() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line = lines.filter(l -> l.startsWith("RssShmem:")).findAny().orElseThrow();
            return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
    }

    /** Number of memory mappings. */
    public static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }
}
