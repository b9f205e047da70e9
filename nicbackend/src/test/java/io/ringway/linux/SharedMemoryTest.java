package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedMemoryTest {
    private static final int PAGE = Platform.pageSize();
    private static final int ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int SEAL_SHRINK_GROW_SEAL = 7;

    private SharedMemory memory;

    @BeforeEach
    void create() throws LinuxException {
        memory = SharedMemory.create("ringway-test", 16L * PAGE);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void readersSeeWhatTheCreatorWrites() throws LinuxException {
        try (SharedMemory reader = SharedMemory.attach(passed(), 16L * PAGE)) {
            memory.segment().set(ValueLayout.JAVA_INT, 5L * PAGE, 77);

            assertEquals(77, reader.segment().get(ValueLayout.JAVA_INT, 5L * PAGE));
            assertEquals(16L * PAGE, reader.size());
            assertTrue(reader.segment().isReadOnly());
            assertThrows(IllegalStateException.class, reader::readOnlyDescriptor);
            assertThrows(IllegalStateException.class, () -> reader.discard(0, PAGE));
        }
    }

    @Test
    void discardedPagesReadAsZeroAndLeaveTheSystem() throws LinuxException, IOException {
        memory.segment().fill((byte) 1);
        long before = pagesHeld();
        memory.discard(4L * PAGE, 8L * PAGE);

        assertEquals(before - 8, pagesHeld());
        assertEquals(0, memory.segment().get(ValueLayout.JAVA_BYTE, 4L * PAGE));
        assertEquals(1, memory.segment().get(ValueLayout.JAVA_BYTE, 12L * PAGE));
        memory.segment().set(ValueLayout.JAVA_BYTE, 4L * PAGE, (byte) 2);
        assertEquals(2, memory.segment().get(ValueLayout.JAVA_BYTE, 4L * PAGE));
    }

    @Test
    void reservedPagesAreHeldAndKeepTheirContent() throws LinuxException, IOException {
        memory.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
        memory.reserve(0, 16L * PAGE);

        assertEquals(16, pagesHeld());
        assertEquals(3, memory.segment().get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void rangesOutsideTheMemoryAreRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> memory.discard(0, 17L * PAGE));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.discard(-1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.reserve(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create("x", 0));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create("x", PAGE + 1L));
    }

    @Test
    void nobodyCanChangeTheSize() {
        long smaller = Kernel.call(SystemCall.FTRUNCATE, memory.readOnlyDescriptor(), PAGE);
        assertTrue(smaller < 0);
        String own = "/proc/self/fd/" + memory.readOnlyDescriptor();
        long writable = TestSystem.open(own, 2);
        if (Platform.userId() == 0) {
            // Only root can open it for writing, and the seals hold even then.
            assertEquals(-1, Kernel.call(SystemCall.FTRUNCATE, writable, PAGE));
            assertEquals(-1, Kernel.call(SystemCall.FTRUNCATE, writable, 100L * PAGE));
            assertEquals(-1, Kernel.call(SystemCall.FCNTL, writable, F_ADD_SEALS, 8));
            Descriptors.close((int) writable);
        } else {
            assertEquals(-13, writable);
        }
    }

    @Test
    void readersCannotMapForWriting() throws LinuxException {
        int shared = 1;
        int readWrite = 3;
        int accessDenied = -13;
        long mapped = Kernel.call(SystemCall.MMAP, 0, PAGE, readWrite, shared, memory.readOnlyDescriptor(), 0);
        assertEquals(accessDenied, mapped);
        try (SharedMemory reader = SharedMemory.attach(passed(), 16L * PAGE)) {
            long address = reader.segment().address();
            assertEquals(accessDenied, Kernel.call(SystemCall.MPROTECT, address, PAGE, readWrite));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 6, 3, 5})
    void memoryWithoutAllSealsIsRefusedAndClosed(int seals) throws LinuxException {
        int file = TestSystem.memoryFile("ringway-test", ALLOW_SEALING, PAGE);
        Kernel.call(SystemCall.FCNTL, file, F_ADD_SEALS, seals);

        LinuxException refused = assertThrows(LinuxException.class, () -> SharedMemory.attach(file, PAGE));
        assertEquals("shared memory without its seals: EPROTO (71)", refused.getMessage());
        assertFalse(TestSystem.isOpen(file));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4095, 4097, 1 << 20})
    void memoryOfAnUnexpectedSizeIsRefusedAndClosed(long size) throws LinuxException {
        assumeTrue(PAGE == 4096);
        int file = TestSystem.memoryFile("ringway-test", ALLOW_SEALING, size);
        Kernel.check("seals", Kernel.call(SystemCall.FCNTL, file, F_ADD_SEALS, SEAL_SHRINK_GROW_SEAL));

        assertThrows(LinuxException.class, () -> SharedMemory.attach(file, 64 << 10));
        assertFalse(TestSystem.isOpen(file));
    }

    @Test
    void otherFilesAreRefusedAndClosed(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[PAGE]);
        Path onTmpfs = Path.of("/dev/shm/ringway-test-" + Platform.processId());
        Files.write(onTmpfs, new byte[PAGE]);
        try (EventFd event = EventFd.create()) {
            for (String path : new String[] {file.toString(), onTmpfs.toString(), "/dev/zero"}) {
                int opened = (int) TestSystem.open(path, 0);
                assertThrows(LinuxException.class, () -> SharedMemory.attach(opened, PAGE), path);
                assertFalse(TestSystem.isOpen(opened), path);
            }
            int other = TestSystem.duplicate(event.descriptor());
            assertThrows(LinuxException.class, () -> SharedMemory.attach(other, PAGE));
            assertEquals(
                    9,
                    assertThrows(LinuxException.class, () -> SharedMemory.attach(other, PAGE))
                            .errno());
        } finally {
            Files.delete(onTmpfs);
        }
    }

    @Test
    void closingGivesMappingAndDescriptorsBack() throws IOException {
        int descriptor = memory.readOnlyDescriptor();
        SharedMemory reader = SharedMemory.attach(passed(), 16L * PAGE);
        assertTrue(TestSystem.isMapped(reader.segment()));
        reader.close();
        reader.close();
        assertFalse(TestSystem.isMapped(reader.segment()));
        memory.close();
        assertFalse(TestSystem.isOpen(descriptor));
        assertFalse(TestSystem.isMapped(memory.segment()));
    }

    @Test
    void manyInARowLeaveNothingBehind() throws IOException {
        long before = TestSystem.descriptorsOf("memfd:ringway-many");
        for (int i = 0; i < 1_000; i++) {
            try (SharedMemory made = SharedMemory.create("ringway-many", PAGE);
                    SharedMemory reader = SharedMemory.attach(TestSystem.duplicate(made.readOnlyDescriptor()), PAGE)) {
                made.segment().set(ValueLayout.JAVA_INT, 0, i);
                assertEquals(i, reader.segment().get(ValueLayout.JAVA_INT, 0));
            }
        }
        assertEquals(before, TestSystem.descriptorsOf("memfd:ringway-many"));
        assertFalse(Files.readString(Path.of("/proc/self/maps")).contains("ringway-many"));
    }

    private int passed() throws LinuxException {
        return TestSystem.duplicate(memory.readOnlyDescriptor());
    }

    private long pagesHeld() throws IOException {
        Path file = Path.of("/proc/self/fd/" + memory.readOnlyDescriptor());
        Object size = Files.getAttribute(file, "unix:size");
        assertEquals(16L * PAGE, size);
        try (Struct status = new Struct(256)) {
            int statx = TestSystem.X86 ? 332 : 291;
            int emptyPath = 0x1000;
            try (Struct path = new Struct(1)) {
                Kernel.check(
                        "statx",
                        Kernel.call(
                                statx, memory.readOnlyDescriptor(), path.address, emptyPath, 0x7ff, status.address, 0));
            }
            int blocks = 0x30;
            return status.bytes.getLong(blocks) * 512 / PAGE;
        }
    }
}
