package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventFdTest {
    @Test
    void signalsAddUpUntilCleared() throws LinuxException {
        try (EventFd event = EventFd.create()) {
            assertFalse(event.clear());
            event.signal();
            event.signal();
            assertTrue(event.clear());
            assertFalse(event.clear());
        }
    }

    @Test
    void fullCounterStaysSignalled() throws LinuxException {
        try (EventFd event = EventFd.create();
                Struct almostFull = new Struct(8)) {
            almostFull.bytes.putLong(0, -2);
            assertEquals(8, Kernel.call(SystemCall.WRITE, event.descriptor(), almostFull.address, 8));
            event.signal();
            event.signal();
            assertTrue(event.clear());
        }
    }

    @Test
    void receivedOneNeverBlocks() throws LinuxException {
        int blocking = (int) Kernel.call(SystemCall.EVENTFD2, 0, 0);
        try (EventFd event = EventFd.of(blocking)) {
            assertFalse(event.clear());
        }
        int[] pipe = new int[2];
        try (Struct ends = new Struct(8)) {
            Kernel.check("pipe2", Kernel.call(TestSystem.PIPE2, ends.address, 0));
            pipe[0] = ends.bytes.getInt(0);
            pipe[1] = ends.bytes.getInt(4);
        }
        try (EventFd event = EventFd.of(pipe[1])) {
            for (int i = 0; i < 100_000; i++) {
                event.signal();
            }
        }
        Descriptors.close(pipe[0]);
    }

    @Test
    void closedOneTouchesNoOtherFile() throws LinuxException {
        EventFd closed = EventFd.create();
        closed.close();
        closed.close();
        try (EventFd next = EventFd.create()) {
            assumeTrue(closed.descriptor() == next.descriptor(), "the number is used again");
            closed.signal();
            assertFalse(next.clear());
            next.signal();
            assertFalse(closed.clear());
            closed.close();
            assertTrue(next.clear());
        }
    }

    @Test
    void closingWhileOthersSignalClosesOnceAndLast() throws Exception {
        long before = TestSystem.descriptorsOf("eventfd");
        for (int round = 0; round < 300; round++) {
            EventFd event = EventFd.create();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 50; n++) {
                        event.signal();
                        event.clear();
                    }
                    event.close();
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertEquals(before, TestSystem.descriptorsOf("eventfd"));
    }

    @Test
    void signallingDoesNotAllocate() throws LinuxException {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (EventFd event = EventFd.create()) {
            for (int i = 0; i < 200_000; i++) {
                event.signal();
                event.clear();
            }
            long before = bean.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                event.signal();
                event.clear();
            }
            long perSignal = (bean.getCurrentThreadAllocatedBytes() - before) / 10_000;
            assertEquals(0, perSignal);
        }
    }
}
