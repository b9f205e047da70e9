package io.ringway.agent;

import java.lang.instrument.Instrumentation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells once that a program uses {@code java.net.Socket} or {@code ServerSocket}, which go past every selector provider.
 * Looks now and then which of the JDK's own classes have been loaded: no class is rewritten for it, and the program's
 * threads have nothing to do with it. One thread, which ends by itself.
 */
final class PlainSockets implements Runnable {
    /** The first pause, in milliseconds; each further one is twice as long. */
    private static final long FIRST_PAUSE = 2_000;

    private static final long LAST_PAUSE = FIRST_PAUSE << 9;

    /** What is behind them. A TLS context alone loads it, too. */
    private static final String IMPLEMENTATION = "sun.nio.ch.NioSocketImpl";

    /** Loaded when the first one is connected, and somebody is going to read or write. */
    private static final Set<String> STREAMS =
            Set.of("java.net.Socket$SocketInputStream", "java.net.Socket$SocketOutputStream");

    /** Serves JMX to other processes, by such sockets: then they may be the JDK's. */
    private static final String REMOTE_MANAGEMENT = "sun.management.jmxremote.ConnectorBootstrap";

    private final Instrumentation instrumentation;

    private PlainSockets(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    static void watch(Instrumentation instrumentation) {
        if (!EarlySettings.isTrue("ringway.quiet")) {
            Thread thread = new Thread(null, new PlainSockets(instrumentation), "ringway-sockets", 0, false);
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void run() {
        for (long pause = FIRST_PAUSE; pause <= LAST_PAUSE; pause *= 2) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
            if (areUsed()) {
                Installation.say("java.net.Socket or ServerSocket is used, whose connections go past Ringway; no switch"
                        + " changes that, SocketChannel or a library's NIO transport does");
                return;
            }
        }
    }

    private boolean areUsed() {
        Set<String> loaded = new HashSet<>();
        Arrays.stream(instrumentation.getInitiatedClasses(null))
                .map(Class::getName)
                .filter(name -> name.equals(IMPLEMENTATION) || name.equals(REMOTE_MANAGEMENT) || STREAMS.contains(name))
                .forEach(loaded::add);
        return loaded.contains(IMPLEMENTATION)
                && !loaded.contains(REMOTE_MANAGEMENT)
                && STREAMS.stream().anyMatch(loaded::contains);
    }
}
