package io.ringway.agent;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JDKs where Linux systems and developers usually put them. */
final class InstalledJdks {
    private InstalledJdks() {}

    /** Returns the {@code java} launcher of an installed JDK that Ringway runs on, or null. */
    static String newEnough() {
        List<Path> homes = new ArrayList<>();
        String preferred = System.getenv("JAVA_HOME");
        if (preferred != null && !preferred.isEmpty()) {
            homes.add(Paths.get(preferred));
        }
        String user = System.getProperty("user.home");
        homes.addAll(children(Paths.get(System.getProperty("java.home")).getParent()));
        homes.addAll(children(Paths.get("/usr/lib/jvm")));
        homes.addAll(children(Paths.get("/usr/java")));
        homes.addAll(children(Paths.get("/opt")));
        homes.addAll(children(Paths.get(user, ".jdks")));
        homes.addAll(children(Paths.get(user, ".sdkman", "candidates", "java")));
        return homes.stream()
                .filter(home -> Platform.isNewEnough(version(home)))
                .map(home -> home.resolve("bin").resolve("java"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    private static List<Path> children(Path directory) {
        if (directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A JDK's {@code release} file has the line {@code JAVA_VERSION="25.0.1"}. */
    private static String version(Path home) {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"), StandardCharsets.UTF_8)) {
            release.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
        return release.getProperty("JAVA_VERSION", "").replace("\"", "");
    }
}
