package io.ringway.compat.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.TimeLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every call in every state has the outcome here that it has on the JDK's provider. Cells that differ are filled again,
 * in both JVMs, with more and more time for what one end does to reach the other, and count if they differ each time.
 */
class MatrixTest {
    private static final List<Integer> SETTLE_MILLIS = List.of(2, 20, 200);

    /** The child's cells take about as long as the ones here, and it prints them at the end. */
    private static final Duration CHILD_LIMIT = Duration.ofMinutes(4);

    @Test
    @TimeLimit(500)
    void everyCallInEveryStateEndsAsOnTheJdk() throws Exception {
        assumeTrue(ProviderUnderTest.current() != ProviderUnderTest.JDK, "the JDK's provider is what it is");
        Set<String> suspects = Set.of();
        List<String> differences = List.of();
        for (int settle : SETTLE_MILLIS) {
            Set<String> wanted = suspects;
            List<String> own;
            List<String> expected;
            try (ChildJvm child = ChildJvm.startOnJdk(MatrixOnJdk.class, settle, String.join(";", wanted));
                    Background<List<String>> reader = Background.start(() -> read(child))) {
                own = Matrix.run(settle, cell -> wanted.isEmpty() || wanted.contains(cell));
                Await.until("the end of the child", CHILD_LIMIT, reader::isDone);
                expected = reader.result();
            }
            assertFalse(own.isEmpty());
            differences = differences(expected, own);
            suspects = names(differences);
            if (differences.isEmpty()) {
                break;
            }
        }
        assertEquals("", String.join("\n", differences));
    }

    private static List<String> read(ChildJvm child) throws InterruptedException {
        List<String> cells = new ArrayList<>();
        for (String line = child.readLine(CHILD_LIMIT.toSeconds());
                !line.equals(MatrixOnJdk.END);
                line = child.readLine(CHILD_LIMIT.toSeconds())) {
            cells.add(line);
        }
        return cells;
    }

    /** The JDK's cell and ours, where they differ. */
    private static List<String> differences(List<String> expected, List<String> own) {
        assertEquals(expected.size(), own.size(), "cells");
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            if (!expected.get(i).equals(own.get(i))) {
                differences.add(expected.get(i) + "\n        here: " + own.get(i));
            }
        }
        return differences;
    }

    private static Set<String> names(List<String> cells) {
        Set<String> names = new TreeSet<>();
        for (String cell : cells) {
            names.add(cell.substring(0, cell.indexOf(": ")));
        }
        return names;
    }
}
