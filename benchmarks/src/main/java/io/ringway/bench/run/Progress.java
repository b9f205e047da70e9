package io.ringway.bench.run;

import java.io.Console;
import java.io.PrintStream;

/** Says what is running: one line that is written over on a terminal, one line per run elsewhere. */
public final class Progress {
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final boolean terminal;
    private final long begunNanos = System.nanoTime();

    public Progress(PrintStream out) {
        Console console = System.console();
        this.out = out;
        this.terminal = console != null && console.isTerminal();
    }

    void say(String what) {
        String line = "%4d s  %s".formatted(elapsedSeconds(), what);
        if (terminal) {
            out.print("\r" + fit(line));
            out.flush();
        } else {
            out.println(line);
        }
    }

    long elapsedSeconds() {
        return (System.nanoTime() - begunNanos) / 1_000_000_000L;
    }

    /** Takes the line away. */
    void end() {
        if (terminal) {
            out.print("\r" + fit("") + "\r");
            out.flush();
        }
    }

    private static String fit(String line) {
        String padded = line + " ".repeat(WIDTH);
        return padded.substring(0, WIDTH);
    }
}
