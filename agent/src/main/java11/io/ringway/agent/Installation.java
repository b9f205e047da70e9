package io.ringway.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;

/** The steps of an installation, in their order. Called by one thread at a time: a JVM runs its agents one by one. */
final class Installation {
    static final String PROVIDER = "io.ringway.RingwaySelectorProvider";
    static final String PROVIDER_PROPERTY = "java.nio.channels.spi.SelectorProvider";
    /** Tells {@code ringway attach}, which sees the properties of the other JVM, what became of it. */
    static final String STATE_PROPERTY = "io.ringway.agent";

    private static final String NO_NATIVE_NETTY = "io.netty.transport.noNative";

    private Installation() {}

    /** Returns false, having said why, if the JDK's own or another provider stays. */
    static boolean prepare(String arguments, Instrumentation instrumentation) {
        AgentArguments.parse(arguments).publish();
        String obstacle = Platform.obstacle();
        if (obstacle != null) {
            return decline(obstacle + ", the JDK's own provider is used");
        }
        String chosen = System.getProperty(PROVIDER_PROPERTY);
        if (chosen != null && !chosen.equals(PROVIDER)) {
            return decline(PROVIDER_PROPERTY + " names another provider, which is used: " + chosen);
        }
        JdkAccess.grant(instrumentation);
        System.setProperty(PROVIDER_PROPERTY, PROVIDER);
        if (System.getProperty(NO_NATIVE_NETTY) == null && !EarlySettings.isTrue("ringway.netty.native")) {
            System.setProperty(NO_NATIVE_NETTY, "true");
        }
        if (EarlySettings.isTrue("ringway.netty.references")) {
            sendReferences(instrumentation);
        }
        return true;
    }

    /** Java 25 code, hence by name. */
    private static void sendReferences(Instrumentation instrumentation) {
        try {
            Class.forName("io.ringway.agent.netty.NettyReferences")
                    .getMethod("install", Instrumentation.class)
                    .invoke(null, instrumentation);
        } catch (ReflectiveOperationException | LinkageError e) {
            say("Netty's buffers are copied: " + e);
        }
    }

    /** Replaces a provider that the program has already asked for. Java 25 code, hence by name. */
    static void late(Instrumentation instrumentation) {
        report("active");
        String obstacle = tryLate(instrumentation);
        if (obstacle != null) {
            System.clearProperty(PROVIDER_PROPERTY);
            decline(obstacle);
        } else {
            PlainSockets.watch(instrumentation);
        }
    }

    private static String tryLate(Instrumentation instrumentation) {
        try {
            return (String) Class.forName("io.ringway.agent.LateInstallation")
                    .getMethod("install", Instrumentation.class)
                    .invoke(null, instrumentation);
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        } catch (ReflectiveOperationException e) {
            return e.toString();
        }
    }

    static void report(String state) {
        System.setProperty(STATE_PROPERTY, state);
    }

    static void say(String line) {
        System.err.println("ringway: " + line);
    }

    private static boolean decline(String reason) {
        String line = "not active: " + reason;
        if (EarlySettings.isTrue("ringway.strict")) {
            throw new IllegalStateException(line + " (ringway.strict=true makes this an error)");
        }
        report(line);
        say(line);
        return false;
    }
}
