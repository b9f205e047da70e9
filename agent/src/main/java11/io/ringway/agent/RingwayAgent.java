package io.ringway.agent;

import java.lang.instrument.Instrumentation;

/**
 * The Java agent: makes Ringway the selector provider of this JVM, at its start ({@code -javaagent:ringway.jar}) or
 * attached later. Loads nothing of Ringway itself: the JDK does that when the program opens its first channel.
 *
 * <p>Runs on the thread that starts the program or on the attach thread. Compiled for Java 11, so that a JVM that
 * Ringway can't serve says so in one line and runs the program on the JDK's own provider; with {@code
 * ringway.strict=true} it doesn't run the program.
 */
public final class RingwayAgent {
    private RingwayAgent() {}

    /**
     * Installs Ringway before the program's {@code main}. A problem that must not be passed over ends the JVM with
     * exit code 1 and one line: an exception thrown from here would end it by an abort and a core file.
     *
     * @param arguments {@code key=value,key=value}, see {@link AgentArguments}; may be null
     * @param instrumentation the JVM's
     */
    public static void premain(String arguments, Instrumentation instrumentation) {
        try {
            if (Installation.prepare(arguments, instrumentation)) {
                Installation.report("active");
                PlainSockets.watch(instrumentation);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            Installation.say(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Installs Ringway in a running program: channels opened from now on are Ringway's. A problem is told in one line
     * and leaves the program as it was, {@code ringway.strict=true} or not.
     *
     * @param arguments as for {@link #premain}
     * @param instrumentation the JVM's
     */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        try {
            if (Installation.prepare(arguments, instrumentation)) {
                Installation.late(instrumentation);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            Installation.report(e.getMessage());
            Installation.say(e.getMessage());
        }
    }
}
