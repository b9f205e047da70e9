package io.ringway.nic.fabric;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Guest} in a JVM of its own, as its parent sees it. */
final class GuestProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    GuestProcess(Path directory, String name) throws IOException {
        this(directory, name, Layout.WIRE_VERSION, Layout.WIRE_VERSION);
    }

    GuestProcess(Path directory, String name, int oldest, int newest) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                Guest.class.getName(),
                directory.toString(),
                name,
                Integer.toString(oldest),
                Integer.toString(newest));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
    }

    long pid() {
        return process.pid();
    }

    /** Gives a command and doesn't wait for the answer. */
    void tell(String command) throws IOException {
        in.write(command + "\n");
        in.flush();
    }

    /** The next answer. */
    String hear() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("guest has exited");
        }
        return line;
    }

    String ask(String command) throws IOException {
        tell(command);
        return hear();
    }

    /** Continues the stopped process. */
    void resume() throws Exception {
        new ProcessBuilder("kill", "-CONT", Long.toString(pid())).start().waitFor();
    }

    /** Stops the process; returns when none of its threads runs any more. */
    void stop() throws Exception {
        new ProcessBuilder("kill", "-STOP", Long.toString(pid())).start().waitFor();
        while (!isStopped()) {
            Thread.sleep(1);
        }
    }

    private boolean isStopped() throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid() + "/task"))) {
            for (Path task : tasks) {
                String stat = Files.readString(task.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    /** As kill -9 does it. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8).close();
    }
}
