package io.ringway.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that the pages in {@code contract} name exist. */
class ContractTest {
    private static final Pattern NAMED = Pattern.compile("(\\w+Test)#(\\w+)");

    @Test
    void everyTestThatAPageNamesExists() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path source : files(Path.of("src/test/java"), ".java")) {
            sources.put(source.getFileName().toString(), Files.readString(source));
        }
        TreeSet<String> missing = new TreeSet<>();
        for (Path page : files(Path.of("contract"), ".md")) {
            List<MatchResult> named =
                    NAMED.matcher(Files.readString(page)).results().toList();
            assertFalse(named.isEmpty(), page::toString);
            for (MatchResult test : named) {
                String source = sources.getOrDefault(test.group(1) + ".java", "");
                if (!source.contains("void " + test.group(2) + "(")) {
                    missing.add(page.getFileName() + ": " + test.group());
                }
            }
        }
        assertEquals("", String.join("\n", missing));
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
