package io.ringway.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** What a comparison ran on: the machine and the versions, name by value, in the order to show them. */
public final class Machine {
    private static final int HASH_DIGITS = 12;
    private static final double KIB_PER_GIB = 1 << 20;

    private Machine() {}

    /**
     * Describes this machine now.
     *
     * @param java the launcher that the programs run on
     * @param ringway the jar
     */
    public static Map<String, String> describe(Path java, Path ringway) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "Processors",
                Runtime.getRuntime().availableProcessors() + " × " + named("/proc/cpuinfo", "model name"));
        double gib = Double.parseDouble(named("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / KIB_PER_GIB;
        facts.put("Memory", String.format(Locale.ROOT, "%.1f GiB", gib));
        facts.put(
                "Kernel",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        facts.put("Load average before", load());
        facts.put("JDK", jdk(java));
        facts.put("Netty", versions().getProperty("netty"));
        facts.put("Ringway", ringway(ringway));
        return facts;
    }

    private static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(Locale.ROOT, "%.2f (more than 1 means that others were at work)", load);
    }

    /** The first value behind {@code key} and a colon. */
    private static String named(String file, String key) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("unknown");
    }

    private static String jdk(Path java) throws IOException {
        Properties release = new Properties();
        try (InputStream file = Files.newInputStream(java.resolveSibling("../release"))) {
            release.load(file);
        }
        String runtime = release.getProperty("JAVA_RUNTIME_VERSION", release.getProperty("JAVA_VERSION", "unknown"));
        return (release.getProperty("IMPLEMENTOR", "") + " " + runtime)
                .replace("\"", "")
                .trim();
    }

    private static String ringway(Path jar) throws IOException {
        String version = versions().getProperty("ringway");
        return Files.isRegularFile(jar)
                ? version + ", " + jar.getFileName() + " with SHA-256 " + hash(jar) + "…"
                : version;
    }

    private static String hash(Path file) throws IOException {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** What the build knows. */
    private static Properties versions() throws IOException {
        Properties versions = new Properties();
        try (InputStream file = Machine.class.getResourceAsStream("versions.properties")) {
            if (file != null) {
                versions.load(file);
            }
        }
        return versions;
    }
}
