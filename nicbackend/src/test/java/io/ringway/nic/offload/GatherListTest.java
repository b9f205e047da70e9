package io.ringway.nic.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs' buffers as descriptors. */
class GatherListTest {
    private static final int SEEDS = 2_000;
    private static final int ROUNDS = 50_000;

    private final GatherList list = new GatherList();
    private final MemorySegment target = Arena.ofAuto().allocate(1 << 20);

    private static ByteBuffer memory(boolean direct, int size) {
        ByteBuffer b = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            b.put(i, (byte) (i * 7));
        }
        return b;
    }

    private byte[] moved(int length) {
        return target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void adjacentBuffersAreOneDescriptor(boolean direct) {
        ByteBuffer all = memory(direct, 100);
        ByteBuffer[] parts = {
            all.slice(0, 10),
            all.duplicate().position(10).limit(30),
            all.slice(20, 30).position(10)
        };
        assertEquals(3, list.take(parts, 0, 3));
        assertEquals(1, list.descriptors());
        assertEquals(2, list.merged());
        assertEquals(50, list.remaining());
        list.moveTo(target, 0, 50);
        byte[] expected = new byte[50];
        all.get(0, expected);
        assertArrayEquals(expected, moved(50));
        for (ByteBuffer part : parts) {
            assertEquals(0, part.remaining());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void buffersWithAGapOrInAnotherOrderAreNot(boolean direct) {
        ByteBuffer all = memory(direct, 100);
        ByteBuffer[] parts = {all.slice(20, 10), all.slice(31, 9), all.slice(0, 20)};
        list.take(parts, 0, 3);
        assertEquals(3, list.descriptors());
        assertEquals(0, list.merged());
    }

    @Test
    void emptyBuffersLeaveNoTrace() {
        ByteBuffer all = memory(false, 100);
        ByteBuffer[] parts = {
            ByteBuffer.allocate(0),
            all.slice(0, 10),
            ByteBuffer.allocateDirect(5).limit(0),
            all.slice(10, 10)
        };
        assertEquals(4, list.take(parts, 0, 4));
        assertEquals(1, list.descriptors());
        assertEquals(1, list.merged());
    }

    @Test
    void aPartIsMovedAndThePositionsSayWhich() {
        ByteBuffer[] parts = {memory(false, 10), memory(true, 10), memory(false, 10)};
        list.take(parts, 0, 3);
        list.moveTo(target, 0, 4);
        list.moveTo(target, 4, 11);
        assertEquals(10, parts[0].position());
        assertEquals(5, parts[1].position());
        assertEquals(0, parts[2].position());
        assertEquals(15, list.remaining());
    }

    @Test
    void moreThanFitAreTakenNextTime() {
        ByteBuffer[] parts = new ByteBuffer[GatherList.CAPACITY + 3];
        Arrays.setAll(parts, i -> memory(false, 3));
        assertEquals(GatherList.CAPACITY, list.take(parts, 0, parts.length));
        assertEquals(parts.length, list.take(parts, GatherList.CAPACITY, parts.length));
        assertEquals(3, list.descriptors());
    }

    @Test
    void buffersThatHideTheirMemoryWorkToo() {
        try (Arena shared = Arena.ofShared();
                Arena confined = Arena.ofConfined()) {
            ByteBuffer a = shared.allocate(10).asByteBuffer();
            ByteBuffer b = confined.allocate(10).asByteBuffer();
            ByteBuffer[] parts = {
                memory(false, 10).asReadOnlyBuffer(),
                a.put(0, new byte[] {1, 2, 3}),
                b,
                memory(true, 10).asReadOnlyBuffer()
            };
            list.take(parts, 0, 4);
            list.moveTo(target, 0, 40);
            byte[] bytes = moved(40);
            assertEquals(7, bytes[1]);
            assertArrayEquals(new byte[] {1, 2, 3, 0}, Arrays.copyOfRange(bytes, 10, 14));
            assertEquals(14, bytes[32]);
        }
    }

    @Test
    void anyBuffersAreMovedInOrder() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ByteBuffer[] pools = {memory(false, 4000), memory(true, 4000)};
            ByteBuffer[] parts = new ByteBuffer[random.nextInt(40)];
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            int at = 0;
            for (int i = 0; i < parts.length; i++) {
                ByteBuffer pool = pools[random.nextInt(8) == 0 ? 1 : 0];
                at = random.nextInt(4) == 0 ? random.nextInt(3000) : Math.min(at, 3000);
                int length = random.nextInt(100);
                parts[i] = random.nextInt(9) == 0 ? pool.slice(at, length).asReadOnlyBuffer() : pool.slice(at, length);
                for (int k = 0; k < length; k++) {
                    expected.write(pool.get(at + k));
                }
                at += length;
            }
            int next = list.take(parts, 0, parts.length);
            assertEquals(parts.length, next, "seed " + seed);
            int done = 0;
            while (list.remaining() > 0) {
                int n = (int) Math.min(list.remaining(), 1 + random.nextInt(300));
                list.moveTo(target, done, n);
                done += n;
            }
            assertArrayEquals(expected.toByteArray(), moved(done), "seed " + seed);
        }
    }

    @Test
    void nothingIsAllocated() {
        ByteBuffer heap = memory(false, 100);
        ByteBuffer direct = memory(true, 100);
        ByteBuffer[] parts = {heap.slice(0, 10), heap.slice(10, 10), direct.slice(0, 10), direct.slice(10, 10)};
        write(parts);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        write(parts);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < ROUNDS, allocated + " bytes for " + ROUNDS + " writes");
    }

    private void write(ByteBuffer[] parts) {
        for (int i = 0; i < ROUNDS; i++) {
            for (ByteBuffer part : parts) {
                part.clear();
            }
            list.take(parts, 0, parts.length);
            list.moveTo(target, 0, 40);
            list.clear();
        }
    }
}
