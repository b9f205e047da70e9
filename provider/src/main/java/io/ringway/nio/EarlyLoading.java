package io.ringway.nio;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * Loads and links what the first connection of a process needs, in a thread of its own, while the first thread still
 * links the way to the kernel, which takes about as long as all the rest of a start, and needs hardly any of it. Nothing
 * is initialised, so that it is as if the classes had been loaded when they were needed. Ends by itself.
 *
 * <p>The classes stand in {@code early.classes}, in the order in which a start needs them: the JDK's that no archive holds,
 * and those of Ringway that can be loaded before the JDK's channel package is open.
 */
public final class EarlyLoading implements Runnable {
    private static final String LIST = "early.classes";
    /** The name of {@link io.ringway.memory.OutOfLine}. */
    private static final String ABSENT = "io.ringway.memory.OutOfLine";

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private EarlyLoading() {}

    /** Starts it, once in a process and where there is a processor for it. */
    public static void begin() {
        if (Runtime.getRuntime().availableProcessors() > 1 && BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(null, new EarlyLoading(), "ringway-loading", 0, false);
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                // No thread is to be had: the classes are loaded when they are needed.
                return;
            }
        }
    }

    @Override
    public void run() {
        try (InputStream in = EarlyLoading.class.getResourceAsStream(LIST)) {
            if (in == null) {
                return;
            }
            link(MpscUnboundedVarHandleArrayQueue.class);
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String name = lines.readLine(); name != null; name = lines.readLine()) {
                link(name);
            }
            // The compiler is going to look for it, in threads of the program, and the first who looks for a class in
            // vain has every jar of the class path opened.
            link(ABSENT);
        } catch (IOException | RuntimeException | LinkageError e) {
            // Nothing depends on it.
            return;
        }
    }

    private static void link(String name) {
        try {
            link(Class.forName(name, false, EarlyLoading.class.getClassLoader()));
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            // Another version of the JDK, or whoever needs the class will meet the same and say so.
            return;
        }
    }

    /** Asking for its constructors links a class. */
    private static void link(Class<?> type) {
        Objects.requireNonNull(type.getDeclaredConstructors());
    }
}
