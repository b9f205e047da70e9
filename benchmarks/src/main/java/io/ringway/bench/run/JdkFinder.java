package io.ringway.bench.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the {@code java} that child processes run on. */
public final class JdkFinder {
    private static final int OLDEST = 25;
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    private JdkFinder() {}

    /**
     * The first that is new enough of: the running JVM, {@code JAVA_HOME}, {@code PATH}, the usual folder.
     *
     * @throws IllegalStateException if there is none
     */
    public static Path java() {
        List<Path> homes = new ArrayList<>();
        homes.add(Path.of(System.getProperty("java.home")));
        Map<String, String> environment = System.getenv();
        if (environment.containsKey("JAVA_HOME")) {
            homes.add(Path.of(environment.get("JAVA_HOME")));
        }
        addPath(homes, environment.getOrDefault("PATH", ""));
        addInstalled(homes);
        return homes.stream()
                .filter(home -> feature(home) >= OLDEST && Files.isExecutable(launcher(home)))
                .findFirst()
                .map(JdkFinder::launcher)
                .orElseThrow(() -> new IllegalStateException(
                        "No JDK " + OLDEST + " or newer found in JAVA_HOME, PATH or " + INSTALLED));
    }

    private static Path launcher(Path home) {
        return home.resolve("bin").resolve("java");
    }

    private static void addPath(List<Path> homes, String path) {
        for (String folder : path.split(File.pathSeparator, -1)) {
            try {
                Path bin = Path.of(folder, "java").toRealPath().getParent();
                if (bin != null && bin.getParent() != null) {
                    homes.add(bin.getParent());
                }
            } catch (IOException e) {
                continue;
            }
        }
    }

    private static void addInstalled(List<Path> homes) {
        if (!Files.isDirectory(INSTALLED)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(INSTALLED)) {
            folders.forEach(homes::add);
        } catch (IOException e) {
            return;
        }
    }

    /** The feature number in a JDK's {@code release} file, 0 if there is none. */
    private static int feature(Path home) {
        try {
            return Files.readAllLines(home.resolve("release")).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .mapToInt(line -> Integer.parseInt(line.replaceFirst("JAVA_VERSION=\"?(\\d+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
