package io.ringway.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of another process. Any thread. */
public final class ProcessState {
    private ProcessState() {}

    /**
     * Whether the process is stopped, by a signal or a debugger.
     *
     * @param pid its process id as this process sees it; 0 or less if it is in another namespace
     * @return false too if the kernel doesn't tell
     */
    public static boolean stopped(int pid) {
        if (pid <= 0) {
            return false;
        }
        try {
            byte[] stat = Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "stat"));
            return isStopped(stat);
        } catch (IOException e) {
            return false;
        }
    }

    /** The state is the first letter behind the name, which stands in parentheses and may contain anything. */
    static boolean isStopped(byte[] stat) {
        int at = stat.length - 1;
        while (at >= 0 && stat[at] != ')') {
            at--;
        }
        boolean known = at >= 0 && at + 2 < stat.length;
        return known && (stat[at + 2] == 'T' || stat[at + 2] == 't');
    }
}
