package io.ringway.compat.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel says of its own listeners (proc(5)). */
public final class KernelQueue {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENING = "0A";

    // Columns of a line, whose number is the first.
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int QUEUES = 4;

    private KernelQueue() {}

    /** Connections that wait in the kernel to be accepted by a listener at {@code port}; 0 where there is none. */
    public static int length(int port) throws IOException {
        String end = String.format(":%04X", port);
        int length = 0;
        for (Path table : TABLES) {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.trim().split("\\s+");
                if (columns[LOCAL].endsWith(end) && columns[STATE].equals(LISTENING)) {
                    String queues = columns[QUEUES];
                    length += Integer.parseInt(queues.substring(queues.indexOf(':') + 1), 16);
                }
            }
        }
        return length;
    }
}
