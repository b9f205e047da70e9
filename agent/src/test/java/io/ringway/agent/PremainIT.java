package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PremainIT {
    private static final String PROVIDER = "java.nio.channels.spi.SelectorProvider";
    private static final String NO_NATIVE = "io.netty.transport.noNative";

    @Test
    void installsAndGrantsNoMoreThanIsNeeded() throws Exception {
        Jvm jvm = probe(Jvm.agent(""), "-Dnone=");
        assertEquals("""
            exported true
            open false
            native 1
            java.nio.channels.spi.SelectorProvider io.ringway.RingwaySelectorProvider
            io.netty.transport.noNative true
            ringway.strict null
            """, jvm.out());
        assertEquals("", jvm.err());
        assertEquals(0, jvm.exitCode());
    }

    @Test
    void argumentsBecomePropertiesButTheUsersOwnPropertiesWin() throws Exception {
        assertTrue(probe(Jvm.agent("strict=false"), "-Dnone=").out().contains("ringway.strict false\n"));
        assertTrue(
                probe(Jvm.agent("strict=false"), "-Dringway.strict=true").out().contains("ringway.strict true\n"));
    }

    @Test
    void aKeyKeepsNettysNativeTransports() throws Exception {
        assertTrue(probe(Jvm.agent("netty.native=true"), "-Dnone=").out().contains(NO_NATIVE + " null\n"));
        assertTrue(probe(Jvm.agent(""), "-D" + NO_NATIVE + "=false").out().contains(NO_NATIVE + " false\n"));
    }

    @Test
    void anotherProviderStaysUnlessStrict() throws Exception {
        String other = "-D" + PROVIDER + "=sun.nio.ch.EPollSelectorProvider";
        Jvm jvm = probe(Jvm.agent(""), other);
        assertEquals(0, jvm.exitCode());
        assertTrue(jvm.out().contains(PROVIDER + " sun.nio.ch.EPollSelectorProvider\n"), jvm.out());
        assertTrue(jvm.err().startsWith("ringway: not active: " + PROVIDER + " names another provider"), jvm.err());

        Jvm strict = probe(Jvm.agent("strict=true"), other);
        assertEquals(1, strict.exitCode());
        assertEquals("", strict.out());
        assertEquals(1, strict.err().lines().count(), strict.err());
    }

    @Test
    void aMalformedArgumentEndsTheProgramWithOneLine() throws Exception {
        Jvm jvm = probe(Jvm.agent("latency"), "-Dnone=");
        assertEquals(1, jvm.exitCode());
        assertEquals("ringway: agent argument 'latency' is not of the form key=value,key=value\n", jvm.err());
    }

    private static Jvm probe(String agent, String option) throws Exception {
        return Jvm.run(
                agent, option, "-cp", Jvm.testClasses(), Probe.class.getName(), PROVIDER, NO_NATIVE, "ringway.strict");
    }
}
