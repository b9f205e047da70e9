package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTest {
    @Test
    void numbersAreThoseOfTheSystem() throws IOException {
        assertEquals(ProcessHandle.current().pid(), Platform.processId());
        assertEquals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), Platform.userId());
        assertEquals(Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino"), Platform.networkNamespace());
        assertTrue(Integer.bitCount(Platform.pageSize()) == 1 && Platform.pageSize() >= 4096);
        assertTrue(Platform.processors() >= 1);
        Platform.PortRange range = Platform.ephemeralPortRange();
        assertTrue(0 < range.first() && range.first() <= range.last() && range.last() <= 65_535, range.toString());
        long physical = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        assertTrue(Platform.memoryLimit() > 0 && Platform.memoryLimit() <= physical);
    }

    @Test
    void ownershipIsThatOfTheLinkItself(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(
                directory.resolve("file"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertEquals(new Platform.Ownership(Platform.userId(), 0600), Platform.ownership(file));
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertEquals(0777, Platform.ownership(link).mode());
    }

    @Test
    void servesThisMachine() {
        assertEquals(Optional.empty(), Platform.unsupported());
    }

    @Test
    void namesTheFlagWhereNativeAccessIsDenied() throws Exception {
        Process process = TestSystem.java(List.of("--illegal-native-access=deny"), PrintUnsupported.class);
        assertEquals(
                "Ringway needs native access, which this JVM denies: add --enable-native-access=ALL-UNNAMED[exit 0]",
                TestSystem.outputOf(process));
    }

    @Test
    void namesAnotherSystemOrArchitecture() throws Exception {
        Process process = TestSystem.java(List.of("-Dos.arch=riscv64"), PrintUnsupported.class);
        assertEquals("Ringway runs on x86_64 and aarch64 only, not on riscv64[exit 0]", TestSystem.outputOf(process));
        process = TestSystem.java(List.of("-Dos.name=Plan 9"), PrintUnsupported.class);
        assertEquals("Ringway runs on Linux only, not on Plan 9[exit 0]", TestSystem.outputOf(process));
    }

    static final class PrintUnsupported {
        public static void main(String[] arguments) {
            System.out.print(Platform.unsupported().orElse("supported"));
        }
    }
}
