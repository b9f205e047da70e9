package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The limit of open files of this process, which the JVM has raised to the highest that it may. */
final class OpenFiles {
    /** What a JVM needs besides. */
    private static final int RESERVE = 200;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LINE = "Max open files";

    private OpenFiles() {}

    /**
     * Checks that {@code connections} can be open at a time.
     *
     * @throws IllegalStateException if the limit is too low
     */
    static void require(int connections) throws IOException {
        long limit = limit(Files.readString(LIMITS));
        long needed = (long) connections + RESERVE;
        if (limit < needed) {
            throw new IllegalStateException("A process may have only " + limit + " files open, " + connections
                    + " connections need " + needed + ": say `ulimit -n " + needed + "` in the shell first");
        }
    }

    /** The limit in force in the text of {@code /proc/self/limits}; no limit, or none found, is the greatest number. */
    static long limit(String limits) {
        return limits.lines()
                .filter(line -> line.startsWith(LINE))
                .map(line -> line.substring(LINE.length()).trim().split("\\s+")[0])
                .filter(word -> !word.equals("unlimited"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
