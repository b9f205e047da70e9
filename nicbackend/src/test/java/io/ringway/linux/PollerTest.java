package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

class PollerTest {
    private final Poller poller = new Poller();

    @Test
    void tellsWhichAreReady() throws LinuxException {
        List<EventFd> events = new ArrayList<>();
        int[] descriptors = new int[40];
        for (int i = 0; i < descriptors.length; i++) {
            events.add(EventFd.create());
            descriptors[i] = events.get(i).descriptor();
        }
        boolean[] ready = new boolean[40];
        assertEquals(0, poller.poll(descriptors, 40, 0, ready));
        events.get(3).signal();
        events.get(39).signal();
        assertEquals(2, poller.poll(descriptors, 40, -1, ready));
        boolean[] expected = new boolean[40];
        expected[3] = true;
        expected[39] = true;
        assertArrayEquals(expected, ready);
        assertEquals(1, poller.poll(descriptors, 4, 1_000, ready));
        events.forEach(EventFd::close);
    }

    @Test
    void timeOutLeavesNothingReady() throws LinuxException {
        try (EventFd event = EventFd.create()) {
            boolean[] ready = {true};
            long start = System.nanoTime();
            assertEquals(0, poller.poll(new int[] {event.descriptor()}, 1, 30, ready));
            assertTrue(System.nanoTime() - start >= 30_000_000, "not before its time");
            assertFalse(ready[0]);
        }
    }

    @Test
    void negativeNumbersAreIgnoredAndClosedOnesAreReady() throws LinuxException {
        EventFd closed = EventFd.create();
        closed.close();
        boolean[] ready = new boolean[2];
        assertEquals(1, poller.poll(new int[] {-1, closed.descriptor()}, 2, 0, ready));
        assertArrayEquals(new boolean[] {false, true}, ready);
    }

    @Test
    void onlyWhatHasHungUpHasHungUp(@TempDir Path directory) throws LinuxException {
        Path path = directory.resolve("socket");
        try (LocalSocket listener = LocalSocket.listen(path, 1);
                LocalSocket client = LocalSocket.connect(path, 1_000);
                EventFd event = EventFd.create()) {
            LocalSocket server = Objects.requireNonNull(listener.accept());
            assertFalse(Poller.isHungUp(client.descriptor()));
            event.signal();
            assertFalse(Poller.isHungUp(event.descriptor()));
            server.close();
            assertTrue(Poller.isHungUp(client.descriptor()));
        }
    }

    @Test
    void signalsDoNotEndTheWait() throws Exception {
        CountDownLatch handled = new CountDownLatch(20);
        Signal.handle(new Signal("WINCH"), signal -> handled.countDown());
        try (EventFd event = EventFd.create()) {
            CompletableFuture<Integer> thread = new CompletableFuture<>();
            CompletableFuture<Integer> found = CompletableFuture.supplyAsync(() -> {
                thread.complete((int) Kernel.call(TestSystem.GETTID));
                try {
                    return new Poller().poll(new int[] {event.descriptor()}, 1, 600_000, new boolean[1]);
                } catch (LinuxException e) {
                    throw new AssertionError(e);
                }
            });
            int windowChanged = 28;
            while (handled.getCount() > 0) {
                Kernel.check(
                        "tgkill", Kernel.call(TestSystem.TGKILL, Platform.processId(), thread.get(), windowChanged));
                Thread.sleep(1);
            }
            assertFalse(found.isDone());
            event.signal();
            assertEquals(1, found.get());
        }
    }
}
