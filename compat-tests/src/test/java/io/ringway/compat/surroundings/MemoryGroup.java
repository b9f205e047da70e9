package io.ringway.compat.surroundings;

import static org.junit.jupiter.api.Assumptions.abort;

import io.ringway.compat.support.Await;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A control group with a bound on memory, below that of this process. */
final class MemoryGroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path directory;

    private MemoryGroup(Path directory) {
        this.directory = directory;
    }

    /** A group with that bound; skips the test, and says why, where none can be made. */
    static MemoryGroup of(long bytes) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields[1].equals("memory")) {
                return make(ROOT.resolve("memory" + fields[2]), "memory.limit_in_bytes", bytes);
            }
            if (fields[1].isEmpty() && Files.exists(ROOT.resolve("cgroup.controllers"))) {
                return make(Path.of(ROOT + fields[2]), "memory.max", bytes);
            }
        }
        return abort("this process is in no control group for memory");
    }

    private static MemoryGroup make(Path parent, String bound, long bytes) throws IOException {
        Path directory =
                parent.resolve("ringway-test-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(directory);
        } catch (FileSystemException e) {
            return abort("no control group can be made: " + e);
        }
        MemoryGroup group = new MemoryGroup(directory);
        try {
            Files.writeString(directory.resolve(bound), Long.toString(bytes));
            return group;
        } catch (FileSystemException e) {
            group.remove();
            return abort("no bound can be set on a control group: " + e);
        }
    }

    /** What a shell runs to be in the group, with all that it becomes. */
    String joining() {
        return "echo $$ > " + directory.resolve("cgroup.procs");
    }

    /** How many processes were killed because of the bound. */
    long killed() throws IOException {
        for (String name : List.of("memory.oom_control", "memory.events")) {
            Path file = directory.resolve(name);
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                if (line.startsWith("oom_kill ")) {
                    return Long.parseLong(line.substring("oom_kill ".length()));
                }
            }
        }
        return 0;
    }

    private boolean remove() throws IOException {
        try {
            return Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            throw e;
        } catch (FileSystemException e) {
            // A process that was killed is not gone at once.
            return false;
        }
    }

    @Override
    public void close() throws Exception {
        Await.until(directory + " is removed", this::remove);
    }
}
