package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A guest in a JVM of its own, on Ringway's provider, as the test sees it. */
final class GuestJvm implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    private GuestJvm(Process process) {
        this.process = process;
        out = process.inputReader();
        in = process.outputWriter();
    }

    /** Starts it; with further flags, and arguments for the program. */
    static GuestJvm start(Path directory, List<String> flags, Class<?> program, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Djava.nio.channels.spi.SelectorProvider=io.ringway.RingwaySelectorProvider",
                "-Dringway.fabric.directory=" + directory,
                "-Dringway.quiet=true",
                "-Dringway.spin=20"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new GuestJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Gives a command and doesn't wait for the answer. */
    void tell(String command) throws IOException {
        in.write(command + "\n");
        in.flush();
    }

    /** The next answer. */
    String hear() throws IOException {
        String line = out.readLine();
        assertTrue(line != null, "the guest has ended");
        return line;
    }

    String ask(String command) throws IOException {
        tell(command);
        return hear();
    }

    /** Asks until the answer is right. */
    void await(String command, Predicate<String> right) throws Exception {
        long end = System.nanoTime() + PATIENCE;
        String answer = ask(command);
        while (!right.test(answer)) {
            assertTrue(System.nanoTime() - end < 0, command + " says " + answer);
            Thread.sleep(2);
            answer = ask(command);
        }
    }

    /** SIGSTOP; returns when none of its threads runs any more. */
    void suspend() throws Exception {
        signal("-STOP");
        while (!isStopped()) {
            Thread.sleep(1);
        }
    }

    /** SIGCONT. */
    void resume() throws Exception {
        signal("-CONT");
    }

    private void signal(String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    private boolean isStopped() throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks) {
                String stat = Files.readString(task.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    /** SIGKILL. */
    void kill() throws Exception {
        process.destroyForcibly().waitFor();
    }

    /** Ends its input; it exits by itself. */
    void leave() throws Exception {
        in.close();
        assertEquals(0, awaitExit());
    }

    int awaitExit() throws Exception {
        assertTrue(process.waitFor(PATIENCE, TimeUnit.NANOSECONDS), "the guest doesn't end");
        return process.exitValue();
    }

    @Override
    public void close() throws Exception {
        kill();
        out.close();
    }
}
