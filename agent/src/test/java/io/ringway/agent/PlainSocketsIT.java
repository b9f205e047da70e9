package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that use sockets which no provider can accelerate are told. */
class PlainSocketsIT {
    private static final String LINE = "ringway: java.net.Socket or ServerSocket is used, ";

    private static String told(String agentArguments, String program, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(Jvm.agent(agentArguments)));
        all.addAll(List.of(options));
        all.addAll(List.of("-cp", Jvm.testClasses(), Talk.class.getName(), program));
        Jvm jvm = Jvm.run(Jvm.CURRENT, all);
        assertEquals(0, jvm.exitCode(), jvm.err());
        return jvm.out();
    }

    @Test
    void theUserIsToldOnce() throws Exception {
        String told = told("fabric=off", "sockets");
        assertEquals(1, told.lines().filter(line -> line.startsWith(LINE)).count(), told);
        assertTrue(told.contains("SocketChannel"), told);
    }

    @Test
    void nothingIsSaidOfChannelsAndTls() throws Exception {
        String told = told("fabric=off", "channels");
        assertFalse(told.contains("java.net.Socket"), told);
        assertTrue(told.contains("ringway: "), "the program is heard: " + told);
    }

    @Test
    void nothingIsSaidWhereTheSocketsMayBeTheJdks() throws Exception {
        String jmx = "-Dcom.sun.management.jmxremote.";
        String told = told("fabric=off", "sockets", jmx + "port=0", jmx + "authenticate=false", jmx + "ssl=false");
        assertFalse(told.contains("java.net.Socket"), told);
    }

    @Test
    void nothingIsSaidToWhoWantsQuiet() throws Exception {
        assertEquals("", told("quiet=true", "sockets"));
    }
}
