package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PriorityTest {
    /** The field of proc(5)'s stat, counted from the one behind the name, in which the nice value stands. */
    private static final int NICE = 16;

    @Test
    void onlyTheCallingThreadStandsBack() throws Exception {
        String before = nice();
        CompletableFuture<String> other = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                assertTrue(Priority.lowest());
                other.complete(nice());
            } catch (Exception | AssertionError e) {
                other.completeExceptionally(e);
            }
        });
        assertEquals("19", other.get());
        thread.join();
        assertEquals(before, nice());
    }

    private static String nice() throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE];
    }
}
