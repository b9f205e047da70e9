package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The compilers of this JVM, which are given two processors for the time of a test, and then all of its own again. */
class CompilerThreadsTest {
    private List<Integer> own;

    @BeforeEach
    void permitTwo() {
        own = processors(0);
        assumeTrue(own.size() >= 2, "there is only one processor");
        permitAll(own.subList(0, 2));
    }

    @AfterEach
    void permitAllAgain() {
        permitAll(own);
    }

    private static void permitAll(List<Integer> processors) {
        for (int thread : CompilerThreads.find()) {
            permit(thread, processors);
        }
    }

    private static void permit(int thread, List<Integer> processors) {
        try (ProcessorSet set = ProcessorSet.of(0)) {
            while (set.size() != 0) {
                set.remove(set.first());
            }
            processors.forEach(set::add);
            // One that has just ended has none.
            assertTrue(set.permit(thread) || processors(thread).isEmpty());
        }
    }

    private static List<Integer> processors(int thread) {
        List<Integer> all = new ArrayList<>();
        try (ProcessorSet set = ProcessorSet.of(thread)) {
            while (set.size() != 0) {
                all.add(set.first());
                set.remove(set.first());
            }
        }
        return all;
    }

    private static void assertAllOn(List<Integer> processors) {
        for (int thread : CompilerThreads.find()) {
            assertRunsOn(processors, thread);
        }
    }

    private static void assertRunsOn(List<Integer> processors, int thread) {
        List<Integer> found = processors(thread);
        if (!found.isEmpty()) {
            assertEquals(processors, found);
        }
    }

    @Test
    void theyAreFoundByTheirNames() throws IOException {
        List<Integer> found = CompilerThreads.find();
        assertFalse(found.isEmpty());
        for (int thread : found) {
            Path name = Path.of("/proc/self/task", Integer.toString(thread), "comm");
            // Compilers that have nothing to do may end.
            assertTrue(!Files.exists(name) || Files.readString(name).contains("Compil"), name.toString());
        }
    }

    @Test
    void theyLeaveTheFirstOfTwo_andComeBack() {
        CompilerThreads compilers = new CompilerThreads();
        assertTrue(compilers.haveTwo());
        assertAllOn(own.subList(0, 2));
        compilers.restrain();
        assertAllOn(own.subList(1, 2));
        compilers.release();
        assertAllOn(own.subList(0, 2));
        assertEquals(own, processors(0));
    }

    @Test
    void whatOthersHaveChangedMeanwhileStays() {
        CompilerThreads compilers = new CompilerThreads();
        compilers.restrain();
        int changed = CompilerThreads.find().getFirst();
        permit(changed, own.subList(0, 1));
        compilers.release();
        for (int thread : CompilerThreads.find()) {
            assertRunsOn(thread == changed ? own.subList(0, 1) : own.subList(0, 2), thread);
        }
    }

    @Test
    void onOneNothingHappens() {
        permitAll(own.subList(1, 2));
        CompilerThreads compilers = new CompilerThreads();
        assertFalse(compilers.haveTwo());
        compilers.restrain();
        compilers.release();
        assertAllOn(own.subList(1, 2));
    }

    @Test
    void whereTheyDifferNothingHappens() {
        permit(CompilerThreads.find().getLast(), own.subList(0, 1));
        CompilerThreads compilers = new CompilerThreads();
        assertFalse(compilers.haveTwo());
        compilers.restrain();
        assertRunsOn(own.subList(0, 1), CompilerThreads.find().getLast());
    }

    @Test
    void onThreeNothingHappens() {
        assumeTrue(own.size() >= 3, "there are only two processors");
        permitAll(own.subList(0, 3));
        assertFalse(new CompilerThreads().haveTwo());
        assertAllOn(own.subList(0, 3));
    }
}
