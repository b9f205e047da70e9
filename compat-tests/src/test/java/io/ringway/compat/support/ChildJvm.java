package io.ringway.compat.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A second JVM that runs a program of these tests; it prints lines for the test to read. */
public final class ChildJvm implements AutoCloseable {
    private static final String END = "(end of output)";
    private static final long START_SECONDS = 20;

    private final Process process;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

    private ChildJvm(List<String> command) throws IOException {
        process = new ProcessBuilder(command).start();
        copy(process.getInputStream(), output::add);
        copy(process.getErrorStream(), errors::add);
    }

    /** Starts the program on the provider that this JVM runs on. */
    public static ChildJvm start(Class<?> program, Object... arguments) throws IOException {
        return start(providerFlags(), program, arguments);
    }

    /** Starts the program on the JDK's provider. */
    public static ChildJvm startOnJdk(Class<?> program, Object... arguments) throws IOException {
        return start(List.of(), program, arguments);
    }

    /** Starts the program on the provider that this JVM runs on, with further flags, which override this JVM's own. */
    public static ChildJvm startWith(List<String> flags, Class<?> program, Object... arguments) throws IOException {
        List<String> all = new ArrayList<>(providerFlags());
        all.addAll(flags);
        return start(all, program, arguments);
    }

    /**
     * Starts the program on the provider that this JVM runs on, by a shell that runs {@code preparation} first and then
     * becomes the JVM.
     */
    public static ChildJvm startAfter(String preparation, List<String> flags, Class<?> program, Object... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("bash", "-c", preparation + "; exec \"$@\"", "bash"));
        List<String> allFlags = new ArrayList<>(providerFlags());
        allFlags.addAll(flags);
        all.addAll(command(allFlags, program, arguments));
        return new ChildJvm(all);
    }

    /** Starts the program with a connection of the kernel's, to that address, for its standard input. */
    public static ChildJvm startOnConnection(InetSocketAddress address, Class<?> program) throws IOException {
        return startOnSocket("tcp", address, program);
    }

    /** Starts the program with a datagram socket, connected to that address, for its standard input; the port is its argument. */
    public static ChildJvm startOnDatagrams(InetSocketAddress address, Class<?> program) throws IOException {
        return startOnSocket("udp", address, program, address.getPort());
    }

    private static ChildJvm startOnSocket(
            String protocol, InetSocketAddress address, Class<?> program, Object... arguments) throws IOException {
        String socket = "/dev/" + protocol + "/" + address.getAddress().getHostAddress() + "/" + address.getPort();
        return startAfter("exec 0<>" + socket, List.of(), program, arguments);
    }

    private static ChildJvm start(List<String> flags, Class<?> program, Object... arguments) throws IOException {
        return new ChildJvm(command(flags, program, arguments));
    }

    private static List<String> command(List<String> flags, Class<?> program, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** This JVM's own; where it has several ports, children have the one of a single directory. */
    private static List<String> providerFlags() {
        List<String> flags = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-Djava.nio.channels.spi.")
                        || flag.startsWith("-Dringway.")
                        || flag.startsWith("-javaagent:"))
                .toList());
        String directory = System.getProperty("compat.childDirectory");
        if (directory != null) {
            flags.add("-Dringway.fabric.directory=" + directory);
        }
        return flags;
    }

    private static void copy(InputStream from, Consumer<String> to) {
        Thread.ofPlatform().daemon().name("output of a child").start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    to.accept(line);
                }
            } catch (IOException e) {
                to.accept(e.toString());
            }
            to.accept(END);
        });
    }

    /** The next line that the program prints. */
    public String readLine() throws InterruptedException {
        return readLine(START_SECONDS);
    }

    /** The next line that the program prints, for which it may work that long. */
    public String readLine(long seconds) throws InterruptedException {
        String line = output.poll(seconds, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError("the child printed nothing more; its errors: " + errors);
        }
        return line;
    }

    /** Reads the next line, which must be a word followed by a number, and returns the number. */
    public long readNumber(String word) throws InterruptedException {
        return readNumber(word, START_SECONDS);
    }

    /** The same of a line for which the program may work that long. */
    public long readNumber(String word, long seconds) throws InterruptedException {
        String line = readLine(seconds);
        assertTrue(line.startsWith(word + " "), () -> "expected " + word + ", was " + line + "; errors: " + errors);
        return Long.parseLong(line.substring(word.length() + 1));
    }

    /** Reads the next line, which must be that word. */
    public void expect(String word) throws InterruptedException {
        assertEquals(word, readLine(), () -> "errors of the child: " + errors);
    }

    /** Waits until a line with that text has come by standard error. */
    public void expectError(String text) throws Exception {
        try {
            Await.until(text, () -> errors.stream().anyMatch(e -> e.contains(text)));
        } catch (AssertionError e) {
            throw new AssertionError("the errors are " + errors, e);
        }
    }

    /** Ends the program's standard input, which the programs take as the request to go on, or to end. */
    public void endInput() throws IOException {
        OutputStream input = process.getOutputStream();
        input.close();
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGSTOP, and waits until all threads have stopped. */
    public void suspend() throws Exception {
        signal("STOP");
        Await.until("all threads of the child are stopped", this::isStopped);
    }

    private boolean isStopped() throws IOException {
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path task : tasks) {
                String stat = Files.readString(task.resolve("stat"));
                if (!stat.startsWith("T", stat.lastIndexOf(')') + 2)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        assertEquals(0, kill.waitFor(), "kill -" + name);
    }

    /** How often the thread of that name has given up its processor to wait, as the kernel counts it. */
    public long waits(String thread) throws IOException {
        // The kernel keeps 15 characters of a name.
        String name = thread.substring(0, Math.min(15, thread.length()));
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).strip().equals(name)) {
                    try (Stream<String> lines = Files.lines(task.resolve("status"))) {
                        String line = lines.filter(l -> l.startsWith("voluntary_ctxt_switches:"))
                                .findAny()
                                .orElseThrow();
                        return Long.parseLong(line.replaceAll("[^0-9]", ""));
                    }
                }
            }
        }
        throw new AssertionError("the child has no thread " + name);
    }

    /** Waits until the process has ended, and returns its exit status. */
    public int awaitExit() throws InterruptedException {
        assertTrue(process.waitFor(START_SECONDS, TimeUnit.SECONDS), "the child didn't end");
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
