package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.nic.fabric.FabricPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.management.JMException;

/**
 * What follows the first TCP bind or connect of a process, off its path: the line at the start, the management bean, the
 * answer to {@code ringway ss}, a look for what dead processes have left, and the hook that publishes what was accepted when
 * the process exits. One thread, which ends when the bean is there.
 */
final class Attendance implements Runnable {
    /** What can wait does: loading more classes at once would slow the program's own start down. */
    private static final long DELAY = TimeUnit.SECONDS.toNanos(2);

    /** So often this looks whether the process has the platform's bean server. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    /** How long an exit waits for room in the rings of readers that are behind. */
    private static final long EXIT_WAIT = TimeUnit.SECONDS.toNanos(1);

    private final Datapath datapath;

    private Attendance(Datapath datapath) {
        this.datapath = datapath;
    }

    static void begin(Datapath datapath) {
        Thread thread = new Thread(null, new Attendance(datapath), "ringway-attendance", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        boolean excluded = datapath.settings().exclude().matchAll();
        PathReason obstacle = excluded ? PathReason.EXCLUDED_BY_RULE : datapath.obstacle();
        if (!datapath.settings().quiet()) {
            PathReason shown = obstacle == null ? PathReason.FABRIC : obstacle;
            System.err.println(line(shown));
        }
        if (obstacle == null) {
            for (FabricPort fabric : datapath.fabrics()) {
                fabric.setStatusSource(new Status(datapath, fabric.name()));
            }
        }
        LockSupport.parkNanos(DELAY);
        if (obstacle == null) {
            sweepDirectories();
        }
        if (obstacle == null && SocketEvents.obstacle() != null) {
            datapath.statistics().trouble("no flight recorder events: " + SocketEvents.obstacle());
        }
        if (!datapath.settings().quiet() && !datapath.settings().nettyNative()) {
            warnOfNativeTransport();
        }
        manage();
    }

    private void sweepDirectories() {
        try {
            for (FabricPort fabric : datapath.fabrics()) {
                fabric.sweepDirectory();
            }
        } catch (RuntimeException e) {
            datapath.trouble("sweeping the directory", e);
        }
    }

    private void manage() {
        try {
            while (!Management.isWanted()) {
                LockSupport.parkNanos(LOOK);
                // Nobody ends this thread by an interrupt; a pending one would have it look without a pause.
                boolean unused = Thread.interrupted();
            }
            Management.register(datapath);
        } catch (JMException | RuntimeException | LinkageError e) {
            datapath.trouble("the management bean", e);
        }
    }

    private String line(PathReason shown) {
        if (shown != PathReason.FABRIC) {
            return StartLine.withoutPort(
                    datapath.settings(), shown, datapath.statistics().lastTrouble());
        }
        List<String> ports = new ArrayList<>();
        for (Lane common : datapath.commonLanes()) {
            ports.add(common.port.name());
        }
        return StartLine.withPorts(datapath.settings(), ports, datapath.leftDirectories());
    }

    /** What those who share one directory with this process are told. */
    private record Status(Datapath datapath, String port) implements Supplier<String> {
        @Override
        public String get() {
            return StatusText.of(datapath, port);
        }
    }

    private record Exit(Datapath datapath) implements Runnable {
        @Override
        public void run() {
            flush(datapath);
        }
    }

    private static void warnOfNativeTransport() {
        String line = NativeTransport.line();
        if (line != null) {
            System.err.println(line);
        }
    }

    /** Arranges for {@link #flush} at the exit of the process. */
    static void atExit(Datapath datapath) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(null, new Exit(datapath), "ringway-exit", 0, false));
        } catch (IllegalStateException e) {
            // The process is on its way out already.
        }
    }

    /** Publishes what programs have written and no ring had room for yet. */
    private static void flush(Datapath datapath) {
        long end = System.nanoTime() + EXIT_WAIT;
        long now = System.nanoTime();
        while (left(datapath, now) > 0 && now < end) {
            LockSupport.parkNanos(100_000);
            now = System.nanoTime();
        }
        datapath.ending();
    }

    private static int left(Datapath datapath, long now) {
        int left = 0;
        for (Lane lane : datapath.lanes()) {
            if (!lane.stack.tryOwn()) {
                left++;
                continue;
            }
            left += lane.stack.flushForExit(now);
            lane.stack.disown();
        }
        return left;
    }
}
