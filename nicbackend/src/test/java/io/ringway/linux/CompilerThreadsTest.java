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
            assertTrue(set.permit(thread));
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
            assertEquals(processors, processors(thread));
        }
    }

    @Test
    void theyAreFoundByTheirNames() throws IOException {
        List<Integer> found = CompilerThreads.find();
        assertFalse(found.isEmpty());
        for (int thread : found) {
            String name = Files.readString(Path.of("/proc/self/task", Integer.toString(thread), "comm"));
            assertTrue(name.contains("Compil"), name);
        }
    }

    @Test
    void theyLeaveTheFirstOfTwo_andComeBack() {
        CompilerThreads compilers = CompilerThreads.leaveOneOfTwo();
        assertTrue(compilers.areRestrained());
        assertAllOn(own.subList(1, 2));
        compilers.release();
        assertAllOn(own.subList(0, 2));
        assertEquals(own, processors(0));
    }

    @Test
    void whatOthersHaveChangedMeanwhileStays() {
        CompilerThreads compilers = CompilerThreads.leaveOneOfTwo();
        int changed = CompilerThreads.find().getFirst();
        permit(changed, own.subList(0, 1));
        compilers.release();
        for (int thread : CompilerThreads.find()) {
            assertEquals(thread == changed ? own.subList(0, 1) : own.subList(0, 2), processors(thread));
        }
    }

    @Test
    void onOneNothingHappens() {
        permitAll(own.subList(1, 2));
        CompilerThreads compilers = CompilerThreads.leaveOneOfTwo();
        assertFalse(compilers.areRestrained());
        compilers.release();
        assertAllOn(own.subList(1, 2));
    }

    @Test
    void whereTheyDifferNothingHappens() {
        permit(CompilerThreads.find().getLast(), own.subList(0, 1));
        CompilerThreads compilers = CompilerThreads.leaveOneOfTwo();
        assertFalse(compilers.areRestrained());
        assertEquals(own.subList(0, 1), processors(CompilerThreads.find().getLast()));
    }

    @Test
    void onThreeNothingHappens() {
        assumeTrue(own.size() >= 3, "there are only two processors");
        permitAll(own.subList(0, 3));
        assertFalse(CompilerThreads.leaveOneOfTwo().areRestrained());
        assertAllOn(own.subList(0, 3));
    }
}
