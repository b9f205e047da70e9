package io.ringway.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A program of a pair as a child process; its output is read as it comes. */
final class Child implements AutoCloseable {
    private static final int ERROR_LINES = 4;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> errors = new LinkedBlockingQueue<>();

    Child(List<String> command) throws IOException {
        process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        read(process.getInputStream(), lines::add);
        read(process.getErrorStream(), errors::add);
    }

    private static void read(InputStream stream, Consumer<String> lines) {
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.accept(line);
                }
            } catch (IOException e) {
                // Closed because the process was ended.
                return;
            }
        });
    }

    /**
     * The first line yet to come that starts with {@code word}.
     *
     * @throws IOException if the program ends or {@code seconds} pass before
     */
    String await(String word, double seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < deadline) {
            boolean ended = !process.isAlive();
            String line = lines.poll(ended ? 200 : 20, TimeUnit.MILLISECONDS);
            if (line != null && line.startsWith(word + " ")) {
                return line;
            }
            if (line == null && ended) {
                throw new IOException("ended with code " + process.exitValue() + ": " + errors());
            }
        }
        throw new IOException("printed no " + word + " within " + seconds + " s: " + errors());
    }

    /** Waits for the end of the process. */
    void awaitEnd(int seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new IOException("did not end within " + seconds + " s: " + errors());
        }
    }

    /** The first lines of standard error, without the JVM's warnings and the frames of stack traces. */
    private String errors() {
        return errors.stream()
                .filter(line -> !line.startsWith("WARNING:") && !line.startsWith("\t"))
                .limit(ERROR_LINES)
                .collect(Collectors.joining(" | "));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
