package io.ringway.nic.fabric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What of the fabric's memory this process has mapped, and the collector, on which it depends. */
final class MappedMemory {
    private MappedMemory() {}

    /** Has garbage collected, and then unmaps what can be. */
    static void collect() throws InterruptedException {
        System.gc();
        // The collector tells of what it found in a thread of its own.
        Thread.sleep(5);
        Mappings.sweep();
    }

    static long count() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("memfd:ringway")).count();
        }
    }
}
