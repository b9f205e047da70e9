package io.ringway.compat.support;

import java.util.Locale;

/**
 * What this JVM was started to test, from the system property {@code compat.provider}: {@code jdk} (also when absent),
 * {@code fabric}, {@code kernel} or {@code agent}.
 */
public enum ProviderUnderTest {
    /** The JDK's own provider. */
    JDK("sun.nio.ch."),
    /** Ringway by flag; connections of this host use the shared-memory NIC. */
    FABRIC("io.ringway."),
    /** Ringway by flag, with a rule that sends every connection to the kernel. */
    KERNEL("io.ringway."),
    /** Ringway installed by its agent. */
    AGENT("io.ringway.");

    private static final ProviderUnderTest CURRENT =
            valueOf(System.getProperty("compat.provider", "jdk").toUpperCase(Locale.ROOT));

    private final String classNamePrefix;

    ProviderUnderTest(String classNamePrefix) {
        this.classNamePrefix = classNamePrefix;
    }

    public static ProviderUnderTest current() {
        return CURRENT;
    }

    /** How the name of the provider's class must begin. */
    public String classNamePrefix() {
        return classNamePrefix;
    }

    /** Whether TCP connections between two processes of this host must not use kernel sockets. */
    public boolean accelerates() {
        return this == FABRIC || this == AGENT;
    }
}
