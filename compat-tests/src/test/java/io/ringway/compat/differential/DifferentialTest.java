package io.ringway.compat.differential;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.TimeLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Runs random scenarios here and in a JVM on the JDK's provider: the transcripts must be the same, line by line. A
 * scenario that differs is run again at slower paces, several times here and more often there, and counts if at each of
 * them half of the transcripts or more are not among those of the JDK, whose outcomes vary too: who resets a connection
 * under a blocked write, with an interrupted write behind it and a read beside, lets two threads race for who ends the
 * read. {@code -Dcompat.differential.first} and {@code -Dcompat.differential.seeds} choose the seeds.
 */
class DifferentialTest {
    private static final long FIRST = Long.getLong("compat.differential.first", 1);
    private static final long SEEDS = Long.getLong("compat.differential.seeds", 30);

    /** How often a scenario is run here that has differed, and on the JDK, whose rarer outcomes are to be found. */
    private static final int RUNS = 5;

    private static final int JDK_RUNS = 20;

    /** The child's scenarios take about as long as the ones here. */
    private static final Duration CHILD_LIMIT = Duration.ofMinutes(5);

    @Test
    @TimeLimit(600)
    void randomOperationsHaveTheSameOutcomeAsOnTheJdk() throws Exception {
        assumeTrue(ProviderUnderTest.current() != ProviderUnderTest.JDK, "the JDK's provider is what it is");
        List<Long> seeds = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            seeds.add(seed);
        }
        Map<Long, String> differences = Map.of();
        for (int attempt = 0; attempt < Pace.COUNT && !seeds.isEmpty(); attempt++) {
            differences = differences(seeds, attempt);
            seeds = List.copyOf(differences.keySet());
        }
        if (!differences.isEmpty()) {
            fail(differences.size() + " scenarios differ\n" + String.join("\n", differences.values()));
        }
    }

    private static Map<Long, String> differences(List<Long> seeds, int attempt) throws Exception {
        Map<Long, String> differences = new TreeMap<>();
        if (attempt == 0) {
            // All in one child, beside this JVM.
            compare(seeds, attempt, differences);
        } else {
            for (long seed : seeds) {
                compare(List.of(seed), attempt, differences);
            }
        }
        return differences;
    }

    private static void compare(List<Long> seeds, int attempt, Map<Long, String> differences) throws Exception {
        int runs = attempt == 0 ? 1 : RUNS;
        int there = attempt == 0 ? 1 : JDK_RUNS;
        try (ChildJvm child = ChildJvm.startOnJdk(Transcripts.class, attempt, seeds.getFirst(), seeds.size(), there);
                Background<List<List<List<String>>>> reader = Background.start(() -> read(child, seeds, there))) {
            List<List<List<String>>> own = new ArrayList<>();
            for (long seed : seeds) {
                own.add(outcomes(seed, attempt, runs));
            }
            Await.until("the end of the child", CHILD_LIMIT, reader::isDone);
            List<List<List<String>>> expected = reader.result();
            for (int i = 0; i < seeds.size(); i++) {
                List<List<String>> others = new ArrayList<>(own.get(i));
                others.removeAll(expected.get(i));
                if (2 * others.size() >= own.get(i).size()) {
                    List<String> theirs = expected.get(i).getFirst();
                    differences.put(seeds.get(i), difference(seeds.get(i), theirs, others.getFirst()));
                }
            }
        }
    }

    /** The transcripts of several runs here. */
    private static List<List<String>> outcomes(long seed, int attempt, int runs) throws Exception {
        List<List<String>> all = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            all.add(Scenario.run(seed, Pace.of(attempt)));
        }
        return all;
    }

    /** For every scenario, the transcript of each run. */
    private static List<List<List<String>>> read(ChildJvm child, List<Long> seeds, int runs)
            throws InterruptedException {
        List<List<List<String>>> transcripts = new ArrayList<>();
        for (long seed : seeds) {
            List<List<String>> ofSeed = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                child.expect(Transcripts.SEED + " " + seed);
                List<String> lines = new ArrayList<>();
                for (String line = child.readLine(); !line.equals(Transcripts.END); line = child.readLine()) {
                    lines.add(line);
                }
                ofSeed.add(lines);
            }
            transcripts.add(ofSeed);
        }
        return transcripts;
    }

    /** The lines that both have, and the first that differ. */
    private static String difference(long seed, List<String> expected, List<String> own) {
        int same = 0;
        while (same < expected.size() && same < own.size() && expected.get(same).equals(own.get(same))) {
            same++;
        }
        return "seed " + seed + "\n" + String.join("\n", own.subList(0, same)) + "\n  on the JDK: " + at(expected, same)
                + "\n  here:       " + at(own, same);
    }

    private static String at(List<String> lines, int i) {
        return i < lines.size() ? lines.get(i) : "(nothing more)";
    }
}
