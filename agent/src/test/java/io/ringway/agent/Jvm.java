package io.ringway.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, run to its end. */
record Jvm(int exitCode, String out, String err) {
    static final Path JAR = Path.of(System.getProperty("jar.under.test"));
    static final Path CURRENT = Path.of(System.getProperty("java.home"));

    static Jvm run(Path javaHome, List<String> arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("jvm", ".out");
        Path err = Files.createTempFile("jvm", ".err");
        try {
            Process process = command(javaHome, arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end in a minute: " + arguments + "\n" + Files.readString(err));
            }
            return new Jvm(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The JDK that runs this test. */
    static Jvm run(String... arguments) throws IOException, InterruptedException {
        return run(CURRENT, List.of(arguments));
    }

    /** A command of the jar. */
    static Jvm ringway(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-jar", JAR.toString()));
        all.addAll(List.of(arguments));
        return run(CURRENT, all);
    }

    static ProcessBuilder command(Path javaHome, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    static String agent(String arguments) {
        return "-javaagent:" + JAR + (arguments.isEmpty() ? "" : "=" + arguments);
    }

    /** Where compiled test programs are. */
    static String testClasses() {
        return Path.of(Jvm.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }
}
