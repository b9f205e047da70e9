package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.Settings;
import io.ringway.linux.LinuxException;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Port;
import io.ringway.nic.Resolution;
import io.ringway.nic.Route;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.offload.RegisteredMemory;
import io.ringway.stack.ListenerTable;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the accelerated channels and the selectors of a process share: the ports, the listeners, the lanes, and the
 * thread that looks after those that nobody polls. Opened by the first TCP bind or connect. Any thread.
 */
final class Datapath {
    private static final Lane[] NO_LANES = {};
    private static final int REGISTERED_PART = 4;

    private final Settings settings;
    private final SelectorProvider provider;
    private final ListenerTable listeners;
    private final Spinners spinners = new Spinners();
    private final Statistics statistics = new Statistics();
    private final Runnable restraint = new CompilerRestraint(this);

    private volatile Lane[] lanes = NO_LANES;

    /** All below: written under this object's monitor. */
    private final Deque<Lane> spareLanes = new ArrayDeque<>();

    private volatile @Nullable Open open;
    private volatile boolean warmServer;
    private volatile boolean warmClient;
    private final AtomicBoolean used = new AtomicBoolean();
    private volatile @Nullable PathReason obstacle;

    /** What there is once a port is open; the common lanes in the order of the ports. */
    private record Open(ProcessNic nic, Lane[] commons, InterruptProcessor interrupts, RegisteredMemory registered) {}

    Datapath(Settings settings, SelectorProvider provider) {
        this.settings = settings;
        this.provider = provider;
        this.listeners = new ListenerTable(settings.fabricDirectories().size() > 1);
    }

    Settings settings() {
        return settings;
    }

    Statistics statistics() {
        return statistics;
    }

    ListenerTable listeners() {
        return listeners;
    }

    Spinners spinners() {
        return spinners;
    }

    /** TCP is used: somebody binds or connects. */
    void used() {
        if (!used.get() && used.compareAndSet(false, true)) {
            Attendance.begin(this);
        }
    }

    /** All lanes there are. */
    Lane[] lanes() {
        return lanes;
    }

    /** Why no port is open, or null when one is. Opens it if nobody has tried yet. */
    @Nullable
    PathReason obstacle() {
        if (open != null) {
            return null;
        }
        PathReason known = obstacle;
        return known == null ? tryOpen() : known;
    }

    private synchronized @Nullable PathReason tryOpen() {
        if (open == null && obstacle == null) {
            if (!settings.fabric()) {
                obstacle = PathReason.TURNED_OFF;
                return obstacle;
            }
            try {
                openPorts();
            } catch (IOException | RuntimeException e) {
                trouble("the fabric can't be opened", e);
                if (isOutOfDescriptors(e)) {
                    // The next connection may find some.
                    return PathReason.DEVICE_ERROR;
                }
                obstacle = e instanceof LinuxException ? PathReason.MEMORY_BOUND : PathReason.DEVICE_ERROR;
            }
        }
        return obstacle;
    }

    /** A selector of the JDK's takes descriptors, and could not be opened; its exception has no error number. */
    private static final class NoSelectorException extends IOException {
        private static final long serialVersionUID = 1L;

        NoSelectorException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private static boolean isOutOfDescriptors(Exception e) {
        Throwable cause = e instanceof LinuxException || e.getCause() == null ? e : e.getCause();
        return e instanceof NoSelectorException || cause instanceof LinuxException l && l.isOutOfDescriptors();
    }

    private InterruptProcessor newInterrupts() throws IOException {
        try {
            return new InterruptProcessor(this);
        } catch (IOException e) {
            throw new NoSelectorException(e);
        }
    }

    private void openPorts() throws IOException {
        ProcessNic nic = ProcessNic.open(settings);
        InterruptProcessor interrupts = null;
        try {
            List<Port> ports = nic.ports();
            Lane[] commons = new Lane[ports.size()];
            for (int i = 0; i < commons.length; i++) {
                commons[i] = newLane(nic, ports.get(i));
            }
            interrupts = newInterrupts();
            for (Lane common : commons) {
                interrupts.attend(common);
            }
            for (FabricPort fabric : nic.fabrics()) {
                fabric.setMeetingObserver(restraint);
            }
            open = new Open(nic, commons, interrupts, registeredMemory(nic));
            interrupts.start();
        } catch (IOException | RuntimeException e) {
            giveUp(nic, interrupts);
            throw e;
        }
        Attendance.atExit(this);
    }

    /** Closes what was opened, so that it can be tried again. */
    private void giveUp(ProcessNic nic, @Nullable InterruptProcessor interrupts) {
        open = null;
        if (interrupts != null) {
            interrupts.discard();
        }
        for (Lane lane : lanes) {
            lane.queue.close();
        }
        lanes = NO_LANES;
        nic.close();
    }

    /** The shared-memory NICs; only where {@link #obstacle()} is null. */
    List<FabricPort> fabrics() {
        return opened().nic.fabrics();
    }

    /** Why directories that the settings name are not used: a sentence for each; empty while no port is open. */
    List<String> leftDirectories() {
        Open o = open;
        return o == null ? List.of() : o.nic.left();
    }

    /** The process ends, and everything is published. */
    void ending() {
        Open o = open;
        if (o != null) {
            o.interrupts.ending();
            o.nic.ending();
        }
    }

    /**
     * What programs may have on loan: as much as they were given, and never more than a part of all. It is the first
     * port's; connections of other ports copy.
     */
    private RegisteredMemory registeredMemory(ProcessNic nic) {
        long most = nic.fabrics().getFirst().settings().memoryBytes() / REGISTERED_PART;
        return new RegisteredMemory(nic.ports().getFirst(), Math.min(settings.registeredBytes(), most));
    }

    private Open opened() {
        Open o = open;
        if (o == null) {
            throw new IllegalStateException("no port is open");
        }
        return o;
    }

    /** The process is a server: there is time before its first connection. */
    void warmUpForServer() {
        if (!warmServer && mayWarmUp()) {
            warmServer = true;
            WarmUp.forServer(this, provider);
        }
    }

    /** The process is a client, whose first connection comes now. */
    void warmUpForClient() {
        if (!warmClient && !warmServer && mayWarmUp()) {
            warmClient = true;
            WarmUp.forClient(this, provider);
        }
    }

    private boolean mayWarmUp() {
        // A capture shows what the program does, and faults are for what it does.
        return settings.capture().isEmpty() && settings.faults() == null;
    }

    /** The first port; only where {@link #obstacle()} is null. */
    Port port() {
        return opened().commons[0].port;
    }

    /** Looks for a way through the ports; only where {@link #obstacle()} is null. */
    Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return opened().nic.resolve(destination, source);
    }

    /** What programs have on loan, or null while no port is open. */
    @Nullable
    RegisteredMemory registered() {
        Open o = open;
        return o == null ? null : o.registered;
    }

    /** The same; only where {@link #obstacle()} is null. */
    RegisteredMemory registeredMemory() {
        return opened().registered;
    }

    /** Looks on all device queues which frames have come back. */
    void reclaim() {
        for (Lane lane : lanes) {
            lane.reclaim();
        }
    }

    /** A program writes a buffer, which it gets back: one that is on loan is found, and copied all the same (M12). */
    void written(ByteBuffer source) {
        Open o = open;
        if (o != null && o.registered.isInUse()) {
            o.registered.note(source);
        }
    }

    /** The same of several buffers. */
    void written(ByteBuffer[] sources, int offset, int length) {
        Open o = open;
        if (o != null && o.registered.isInUse()) {
            for (int i = offset; i < offset + length; i++) {
                o.registered.note(sources[i]);
            }
        }
    }

    /**
     * The lanes of all that belongs to no selector, one for each port, in their order; only where {@link #obstacle()} is
     * null. Not to be changed.
     */
    Lane[] commonLanes() {
        return opened().commons;
    }

    /** That of one port; only where {@link #obstacle()} is null. */
    Lane commonLane(Port port) {
        Lane[] commons = opened().commons;
        int i = commons.length - 1;
        while (i > 0 && commons[i].port != port) {
            i--;
        }
        return commons[i];
    }

    /** That of the port of {@code stack}; only where {@link #obstacle()} is null. */
    Lane commonLane(NetworkStack stack) {
        Lane[] commons = opened().commons;
        return commons.length == 1 ? commons[0] : commonLane(stack.queue().port());
    }

    /** That of the port which carries {@code route}; only where {@link #obstacle()} is null. */
    Lane commonLane(Route route) {
        Lane[] commons = opened().commons;
        int i = commons.length - 1;
        while (i > 0 && !commons[i].port.carries(route)) {
            i--;
        }
        return commons[i];
    }

    /** Only where {@link #obstacle()} is null. */
    InterruptProcessor interrupts() {
        return opened().interrupts;
    }

    /** There is traffic on a lane, or a poller. Any thread. */
    private final class Traffic implements Runnable {
        @Override
        public void run() {
            Open o = open;
            if (o != null) {
                o.interrupts.traffic();
            }
        }
    }

    /** What the ports have counted, by name; empty as long as none is open. Any thread. */
    Map<String, Map<String, Long>> portCounters() {
        Open o = open;
        return o == null ? Map.of() : o.nic.counters();
    }

    private Lane newLane(ProcessNic nic, Port port) {
        NetworkStack stack =
                new NetworkStack(nic.openQueue(port), StackSettings.defaults(), listeners, new SplittableRandom());
        Lane lane = new Lane(stack, new Traffic());
        Lane[] more = Arrays.copyOf(lanes, lanes.length + 1);
        more[lanes.length] = lane;
        lanes = more;
        return lane;
    }

    /** A lane of a port for a selector of its own, or null if there can be no more. */
    synchronized @Nullable Lane takeLane(Port port) {
        Lane lane = takeSpare(port);
        if (lane == null) {
            try {
                lane = newLane(opened().nic, port);
            } catch (IllegalStateException e) {
                trouble("no further device queue", e);
                return null;
            }
        }
        lane.selectorSleeps = false;
        lane.listed = false;
        lane.rang = false;
        lane.ofSelector = true;
        return lane;
    }

    private @Nullable Lane takeSpare(Port port) {
        for (Iterator<Lane> spare = spareLanes.iterator(); spare.hasNext(); ) {
            Lane lane = spare.next();
            if (lane.port == port) {
                spare.remove();
                return lane;
            }
        }
        return null;
    }

    /** The selector that had {@code lane} is closed; what is still on the lane is looked after until another takes it. */
    synchronized void giveLane(Lane lane) {
        lane.ofSelector = false;
        try {
            interrupts().attend(lane);
        } catch (IOException e) {
            trouble("no doorbell", e);
        }
        interrupts().traffic();
        spareLanes.push(lane);
    }

    /** The lane of {@code stack}. */
    Lane lane(NetworkStack stack) {
        for (Lane lane : lanes) {
            if (lane.stack == stack) {
                return lane;
            }
        }
        return commonLane(stack);
    }

    /** Whether not being accelerated for this reason is an error: not where the user has asked for it. */
    boolean isStrict(PathReason reason) {
        return settings.strict()
                && !reason.accelerated()
                && reason != PathReason.EXCLUDED_BY_RULE
                && reason != PathReason.TURNED_OFF
                && reason != PathReason.ACCEPTED_FROM_KERNEL;
    }

    /**
     * The last thing that went wrong without a caller to tell, or an empty text. Directories that are left out are told
     * of by {@link #leftDirectories()} alone.
     */
    String lastTrouble() {
        String known = statistics.lastTrouble();
        Open opened = open;
        return known.isEmpty() && opened != null ? opened.nic.lastTrouble() : known;
    }

    /** Something failed that no caller can be told of. */
    void trouble(String what, Throwable e) {
        statistics.trouble(what + ": " + e);
    }
}
