package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {
    @TempDir
    Path root;

    @BeforeEach
    void eightGigabytes() throws IOException {
        write("proc/meminfo", "MemTotal:        8388608 kB\nMemFree:         1000 kB\n");
    }

    @Test
    void physicalMemoryWithoutGroups() {
        assertEquals(8L << 30, MemoryLimit.read(root));
    }

    @Test
    void unknownWhereNothingCanBeRead(@TempDir Path empty) {
        assertEquals(Long.MAX_VALUE, MemoryLimit.read(empty.resolve("nothing")));
    }

    @Test
    void smallestOfVersion2GroupAndItsParents() throws IOException {
        write("proc/self/cgroup", "0::/a/b/c\n");
        write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
        write("sys/fs/cgroup/a/b/c/memory.max", "max\n");
        assertEquals(8L << 30, MemoryLimit.read(root));
        write("sys/fs/cgroup/a/b/memory.max", "1073741824\n");
        write("sys/fs/cgroup/a/memory.max", "2147483648\n");
        assertEquals(1L << 30, MemoryLimit.read(root));
        write("sys/fs/cgroup/a/b/c/memory.max", "4096\n");
        assertEquals(4096, MemoryLimit.read(root));
    }

    @Test
    void version1GroupAsAContainerSeesIt() throws IOException {
        write("proc/self/cgroup", "12:cpu,cpuacct:/docker/id\n4:memory:/docker/id\n1:name=systemd:/docker/id\n");
        write("proc/self/mountinfo", """
            36 25 0:31 /docker/id /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
            38 25 0:33 /docker/id /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory
            """);
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n");
        assertEquals(512L << 20, MemoryLimit.read(root));
    }

    @Test
    void unlimitedVersion1GroupIsPhysicalMemory() throws IOException {
        write("proc/self/cgroup", "4:memory:/\n");
        write("proc/self/mountinfo", "38 25 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertEquals(8L << 30, MemoryLimit.read(root));
    }

    @Test
    void pathsThatLeaveTheMountAndBrokenLinesAreIgnored() throws IOException {
        write("proc/self/cgroup", "garbage\n0::/../../../../outside\n:\n");
        write("proc/self/mountinfo", "garbage\n- - -\n30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        write("sys/fs/cgroup/memory.max", "1073741824\n");
        assertEquals(1L << 30, MemoryLimit.read(root));
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
