package io.ringway.compat.support;

import java.io.IOException;

/** What a program in a {@link ChildJvm} says to the test that started it, and hears from it. */
public final class Parent {
    private Parent() {}

    /** Prints a line for the test to read. */
    public static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Returns when the test ends this program's standard input. */
    public static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Only the end is of interest.
        }
    }
}
