package io.ringway.compat.support;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Stacks of all threads: platform threads as text, virtual ones too in a file beside the test reports. */
public final class ThreadDump {
    private static final Path DIRECTORY = Path.of("target", "hangs").toAbsolutePath();

    private ThreadDump() {}

    /** The platform threads' stacks and the name of the file that has all of them. */
    public static String ofAllThreads(String occasion) {
        StringBuilder text = new StringBuilder();
        text.append("All threads, virtual ones too: ")
                .append(writeFile(occasion))
                .append('\n');
        Map<String, Thread> byName = new TreeMap<>();
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        stacks.keySet().forEach(t -> byName.put(t.getName() + " #" + t.threadId(), t));
        byName.forEach((name, thread) -> append(text, name, thread.getState(), stacks.get(thread)));
        return text.toString();
    }

    /** One thread's stack, a platform thread's or a virtual one's. */
    public static String of(Thread thread) {
        StringBuilder text = new StringBuilder();
        append(text, thread.getName() + " #" + thread.threadId(), thread.getState(), thread.getStackTrace());
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Thread.State state, StackTraceElement[] stack) {
        text.append('"').append(name).append("\" ").append(state).append('\n');
        for (StackTraceElement frame : stack) {
            text.append("    at ").append(frame).append('\n');
        }
    }

    private static String writeFile(String occasion) {
        String name = ProviderUnderTest.current() + "-" + occasion.replaceAll("[^A-Za-z0-9.]+", "-");
        Path file = DIRECTORY.resolve(name + "-" + System.nanoTime() + ".txt");
        try {
            Files.createDirectories(DIRECTORY);
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            return file.toString();
        } catch (IOException e) {
            return "not written, " + e;
        }
    }
}
