package io.ringway.nio;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The inner JDK selector of a {@link RingwaySelector}: it watches what the kernel has a part in, and the selecting thread
 * sleeps in it. Selecting thread, except where a method says otherwise.
 */
final class KernelSelector {
    private final Selector jdk;

    private final AtomicInteger wakeupsBegun = new AtomicInteger();
    private final AtomicInteger wakeupsEnded = new AtomicInteger();

    /** So many wake-ups can't end a sleep any more. */
    private int settled;

    KernelSelector() throws IOException {
        jdk = KernelProvider.JDK.openSelector();
    }

    /** Where channels are registered. Any thread. */
    Selector jdk() {
        return jdk;
    }

    /** Ends the sleep. Any thread. */
    void wakeup() {
        wakeupsBegun.getAndIncrement();
        jdk.wakeup();
        wakeupsEnded.getAndIncrement();
    }

    /** Asks without waiting. */
    void selectNow(Consumer<SelectionKey> action) throws IOException {
        jdk.selectNow(action);
    }

    /**
     * Takes the wake-ups that came too late for the last sleep. Before it is announced that there will be another one,
     * or it would take those that are meant for that.
     */
    void settle(Consumer<SelectionKey> action) throws IOException {
        if (wakeupsBegun.get() == settled) {
            return;
        }
        int ended = wakeupsEnded.get();
        int begun = wakeupsBegun.get();
        jdk.selectNow(action);
        if (ended == begun) {
            settled = begun;
        }
    }

    /**
     * Sleeps up to {@code millis}, for ever if that is 0.
     *
     * @return whether a channel ended the sleep that has nothing to report: one whose key was cancelled meanwhile, or one
     *     that is ready for what it can't do in its state. A selection of the JDK's ends then, with nothing selected
     */
    boolean sleep(Consumer<SelectionKey> action, long millis) throws IOException {
        long start = System.nanoTime();
        int found = jdk.select(action, millis);
        boolean timedOut = millis != 0 && System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(millis);
        int ended = wakeupsEnded.get();
        int begun = wakeupsBegun.get();
        boolean calm = begun == settled;
        if (found == 0 && !timedOut && begun == settled + 1 && ended == begun) {
            // The one wake-up was what ended the sleep: nothing is left to settle.
            settled = begun;
        }
        return found == 0 && !timedOut && calm;
    }

    void close() throws IOException {
        jdk.close();
    }
}
