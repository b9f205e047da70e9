package io.ringway.stack.memory;

import io.ringway.stack.StackSettings;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.stack.tcp.TcpOptions;
import java.util.function.BooleanSupplier;

/** Two hosts in virtual time, driven by one thread: the same seed gives the same run. */
public final class Simulation {
    public static final int SERVICE = 80;

    public final MemoryNetwork network;
    public final Host client;
    public final Host server;
    public final TcpListener listener;
    private int nextPort = 40_000;

    public Simulation(MemoryNetwork.Setup setup, StackSettings settings, int stacksPerHost, long seed) {
        network = new MemoryNetwork(setup, seed);
        client = new Host(network, "client", 0x0a000001, stacksPerHost, settings, seed);
        server = new Host(network, "server", 0x0a000002, stacksPerHost, settings, seed);
        listener = server.listen(SERVICE, 128);
    }

    public Simulation(MemoryNetwork.Setup setup, long seed) {
        this(setup, StackSettings.defaults(), 1, seed);
    }

    /** Two ends of an established connection. */
    public record Pair(TcpConnection client, TcpConnection server) {}

    public Pair connect() {
        return connect(new TcpOptions());
    }

    public Pair connect(TcpOptions options) {
        TcpConnection c = client.connect(server, nextPort++, SERVICE, options, () -> {});
        TcpConnection[] accepted = new TcpConnection[1];
        runUntil(() -> accepted[0] != null || (accepted[0] = listener.accept()) != null);
        settle();
        return new Pair(c, accepted[0]);
    }

    /** Polls both hosts until there is nothing to do at this time. */
    public void settle() {
        int idle = 0;
        for (int i = 0; idle < 2; i++) {
            idle = client.poll() + server.poll() == 0 ? idle + 1 : 0;
            if (i > 1_000_000) {
                throw new AssertionError("never quiet");
            }
        }
    }

    /** When something happens next; Long.MAX_VALUE: never. */
    public long nextEvent() {
        return Math.min(network.nextArrival(), Math.min(client.nextDeadline(), server.nextDeadline()));
    }

    /** Runs to the next event and works it off; false if there is none. */
    public boolean step() {
        settle();
        long next = nextEvent();
        if (next == Long.MAX_VALUE) {
            return false;
        }
        network.advanceTo(Math.max(network.now() + 1, next));
        settle();
        return true;
    }

    public void runUntil(BooleanSupplier condition) {
        settle();
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (!step() && !condition.getAsBoolean()) {
                throw new AssertionError("nothing happens any more");
            }
            if (i > 1_000_000) {
                throw new AssertionError("goes on for ever");
            }
        }
    }

    /** Runs for so long. */
    public void advance(long nanos) {
        long end = network.now() + nanos;
        settle();
        while (nextEvent() <= end) {
            step();
        }
        network.advanceTo(Math.max(end, network.now()));
        settle();
    }
}
