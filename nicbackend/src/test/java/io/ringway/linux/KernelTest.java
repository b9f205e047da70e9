package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static final int BAD_DESCRIPTOR = -9;
    private static final int NOT_FOUND = -2;

    @Test
    void errorsAreThoseOfTheCallingThread() throws Exception {
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean missing = i % 2 == 0;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 2_000; n++) {
                    long result =
                            missing ? TestSystem.open("/does/not/exist", 0) : Kernel.call(SystemCall.CLOSE, 1 << 30);
                    if (result != (missing ? NOT_FOUND : BAD_DESCRIPTOR)) {
                        wrong.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, wrong.get());
    }

    @Test
    void moreThreadsCanWaitAtOnceThanPlacesExist() throws Exception {
        try (EventFd event = EventFd.create()) {
            AtomicInteger woken = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        woken.addAndGet(new Poller().poll(new int[] {event.descriptor()}, 1, -1, new boolean[1]));
                    } catch (LinuxException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            event.signal();
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(150, woken.get());
        }
    }

    @Test
    void exceptionsNameOperationAndError() {
        LinuxException e = assertThrows(LinuxException.class, () -> Kernel.check("memfd_create", -24));
        assertEquals("memfd_create: EMFILE (24)", e.getMessage());
        assertEquals("memfd_create", e.operation());
        assertEquals(24, e.errno());
        assertEquals("x: ECONNREFUSED (111)", new LinuxException("x", 111).getMessage());
        assertEquals("x: ELOOP (40)", new LinuxException("x", 40).getMessage());
        assertEquals("x: errno (133)", new LinuxException("x", 133).getMessage());
    }
}
