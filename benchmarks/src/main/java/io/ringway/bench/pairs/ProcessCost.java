package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a process has used so far, as the kernel counts it: processor time per thread in nanoseconds, and its share of
 * memory.
 */
final class ProcessCost {
    private final Map<String, Long> nanosByThread = new HashMap<>();

    private ProcessCost() {}

    /** Processor time of all living threads of {@code pid}, 0 meaning none. */
    static ProcessCost of(long pid) {
        ProcessCost cost = new ProcessCost();
        if (pid == 0) {
            return cost;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                cost.add(thread);
            }
        } catch (IOException e) {
            return cost;
        }
        return cost;
    }

    private void add(Path thread) {
        try {
            String line = Files.readString(thread.resolve("schedstat"));
            nanosByThread.put(thread.getFileName().toString(), Long.parseLong(line.substring(0, line.indexOf(' '))));
        } catch (IOException e) {
            // The thread ended between listing and reading.
            return;
        }
    }

    /** Processor time spent after {@code earlier}. A thread that ended in between is left out. */
    long nanosSince(ProcessCost earlier) {
        return nanosByThread.entrySet().stream()
                .mapToLong(e -> e.getValue() - earlier.nanosByThread.getOrDefault(e.getKey(), 0L))
                .sum();
    }

    /** Memory of {@code pid} in KiB, pages that several processes map counted in shares; 0 when unknown. */
    static long memoryKiB(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
