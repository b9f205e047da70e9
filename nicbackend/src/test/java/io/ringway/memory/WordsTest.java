package io.ringway.memory;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class WordsTest {
    private static final int SIZE = 40;

    private final MemorySegment segment = Arena.ofAuto().allocate(SIZE, 8);
    private final Words words = new Words(segment);

    @Test
    void thisVirtualMachineHasTheShortWay() {
        assertTrue(Words.direct());
    }

    @Test
    void everyStoreIsWhereAnybodySeesIt() {
        words.set(0, 0x0102_0304_0506_0708L);
        words.setRelease(8, -2);
        words.setInt(16, 0x1122_3344);
        words.setNetworkInt(21, 0x0a0b_0c0d);
        words.setNetworkLong(27, 0x1020_3040_5060_7080L);
        ValueLayout.OfLong big = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        assertAll(
                () -> assertEquals(0x0102_0304_0506_0708L, segment.get(ValueLayout.JAVA_LONG, 0)),
                () -> assertEquals(-2, segment.get(ValueLayout.JAVA_LONG, 8)),
                () -> assertEquals(0x1122_3344, segment.get(ValueLayout.JAVA_INT, 16)),
                () -> assertEquals(0x0a, segment.get(ValueLayout.JAVA_BYTE, 21)),
                () -> assertEquals(0x0d, segment.get(ValueLayout.JAVA_BYTE, 24)),
                () -> assertEquals(0x1020_3040_5060_7080L, segment.get(big, 27)));
    }

    @Test
    void everyLoadSeesWhatAnybodyStored() {
        segment.set(ValueLayout.JAVA_LONG, 32, Long.MIN_VALUE + 5);
        assertAll(
                () -> assertEquals(Long.MIN_VALUE + 5, words.get(32)),
                () -> assertEquals(Long.MIN_VALUE + 5, words.getAcquire(32)),
                () -> assertEquals(5, words.getInt(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 32 : 36)),
                () -> assertEquals(Long.MIN_VALUE + 5, words.increment(32)),
                () -> assertEquals(Long.MIN_VALUE + 6, words.get(32)));
    }

    @Test
    void nothingOutsideIsTouched() {
        for (long offset : new long[] {-1, -8, SIZE - 7, SIZE, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE - 7}) {
            refused(() -> words.get(offset));
            refused(() -> words.getAcquire(offset));
            refused(() -> words.set(offset, 1));
            refused(() -> words.setRelease(offset, 1));
            refused(() -> words.setNetworkLong(offset, 1));
            refused(() -> words.increment(offset));
        }
        for (long offset : new long[] {-1, -4, SIZE - 3, SIZE, Long.MIN_VALUE, Long.MAX_VALUE - 3}) {
            refused(() -> words.getInt(offset));
            refused(() -> words.setInt(offset, 1));
            refused(() -> words.setNetworkInt(offset, 1));
        }
        words.setNetworkLong(SIZE - 8, 1);
        words.setNetworkInt(SIZE - 4, 1);
    }

    @Test
    void wordsInNetworkOrderAreReadTogether() {
        for (int i = 0; i < SIZE; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) (i + 1));
        }
        long[] target = new long[3];
        words.getNetwork(8, target, 12);
        assertArrayEquals(new long[] {0x090a_0b0c_0d0e_0f10L, 0x1112_1314_1516_1718L, 0}, target);
        words.getNetwork(SIZE - 8, target, 0);
        words.getNetwork(SIZE - 8, target, 8);
        assertEquals(0x2122_2324_2526_2728L, target[0]);
        for (long offset : new long[] {-8, SIZE - 8, SIZE, Long.MIN_VALUE, Long.MAX_VALUE - 7}) {
            refused(() -> words.getNetwork(offset, new long[2], 9));
        }
        refused(() -> words.getNetwork(0, new long[1], 9));
    }

    @Test
    void bytesAreCopiedBothWays() {
        byte[] bytes = {1, 2, 3, 4, 5};
        words.set(SIZE - 3, bytes, 1, 3);
        byte[] copy = new byte[5];
        words.get(SIZE - 3, copy, 2, 3);
        assertArrayEquals(new byte[] {0, 0, 2, 3, 4}, copy);
        words.get(SIZE, copy, 5, 0);
        words.set(SIZE, copy, 5, 0);
        new Words(segment.asSlice(0, 3)).set(0, bytes, 0, 3);
        assertEquals(3, segment.get(ValueLayout.JAVA_BYTE, 2));
    }

    @Test
    void noBytesOutsideAreCopied() {
        byte[] bytes = new byte[8];
        Words readOnly = new Words(segment.asReadOnly());
        for (long offset : new long[] {-1, SIZE - 4, SIZE + 1, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
            refused(() -> words.get(offset, bytes, 0, 5));
            refused(() -> words.set(offset, bytes, 0, 5));
        }
        for (int from : new int[] {-1, 4, 9, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            refused(() -> words.get(0, bytes, from, 5));
            refused(() -> words.set(0, bytes, from, 5));
        }
        for (int length : new int[] {-1, 9, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            refused(() -> words.get(0, bytes, 0, length));
            refused(() -> words.set(0, bytes, 0, length));
        }
        refused(() -> readOnly.set(0, bytes, 0, 5));
    }

    @Test
    void memoryThatIsTooSmallForAWordHasNone() {
        Words none = new Words(segment.asSlice(0, 3));
        refused(() -> none.get(0));
        refused(() -> none.getInt(0));
        refused(() -> none.get(Long.MAX_VALUE));
        refused(() -> none.set(Long.MAX_VALUE, 1));
        refused(() -> none.getInt(Long.MAX_VALUE));
    }

    @Test
    void whatMayOnlyBeReadIsNotWritten() {
        Words readOnly = new Words(segment.asReadOnly());
        segment.set(ValueLayout.JAVA_LONG, 0, 7);
        refused(() -> readOnly.set(0, 1));
        refused(() -> readOnly.setRelease(0, 1));
        refused(() -> readOnly.increment(0));
        refused(() -> readOnly.setInt(0, 1));
        refused(() -> readOnly.setNetworkInt(0, 1));
        refused(() -> readOnly.setNetworkLong(0, 1));
        assertEquals(7, readOnly.get(0));
    }

    @Test
    void heapMemoryIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Words(MemorySegment.ofArray(new long[2])));
    }

    /** A virtual machine that doesn't export the JDK's package runs this class's own tests but the first. */
    @Test
    void withoutTheShortWayAllIsTheSame() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Alone.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes());
        assertTrue(child.waitFor(1, TimeUnit.MINUTES), said);
        assertEquals("direct: false, all as expected", said.strip());
    }

    private static void refused(Executable access) {
        assertThrows(RuntimeException.class, access);
    }

    /** The program of that virtual machine. */
    static final class Alone {
        private Alone() {}

        public static void main(String[] args) {
            new WordsTest().everyStoreIsWhereAnybodySeesIt();
            new WordsTest().everyLoadSeesWhatAnybodyStored();
            new WordsTest().nothingOutsideIsTouched();
            new WordsTest().wordsInNetworkOrderAreReadTogether();
            new WordsTest().bytesAreCopiedBothWays();
            new WordsTest().noBytesOutsideAreCopied();
            new WordsTest().memoryThatIsTooSmallForAWordHasNone();
            new WordsTest().whatMayOnlyBeReadIsNotWritten();
            System.out.println("direct: " + Words.direct() + ", all as expected");
        }
    }
}
