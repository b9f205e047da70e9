package io.ringway.stack.memory;

import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Nic;
import io.ringway.stack.ListenerTable;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackSettings;
import io.ringway.stack.tcp.ConnectionObserver;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.stack.tcp.TcpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A process with a port, listeners and one or more stacks. */
public final class Host {
    public final MemoryNetwork network;
    public final MemoryPort port;
    public final Nic nic = new Nic();
    public final ListenerTable listeners = new ListenerTable();
    public final List<NetworkStack> stacks = new ArrayList<>();
    private final int address;

    public Host(MemoryNetwork network, String name, int address, int stackCount, StackSettings settings, long seed) {
        this.network = network;
        this.address = address;
        port = network.port(name);
        nic.add(port);
        Random random = new Random(seed ^ address);
        for (int i = 0; i < stackCount; i++) {
            stacks.add(new NetworkStack(nic.openQueue(port), settings, listeners, random));
        }
    }

    public NetworkStack stack() {
        return stacks.getFirst();
    }

    public NetworkStack stack(int i) {
        return stacks.get(i);
    }

    public MemoryQueue queue(int i) {
        return (MemoryQueue) stacks.get(i).queue().device();
    }

    public IpEndpoint endpoint(int number) {
        return IpEndpoint.v4(address, number);
    }

    public TcpListener listen(int number, int backlog) {
        return new TcpListener(listeners, endpoint(number), false, backlog, new TcpOptions(), () -> {});
    }

    public TcpConnection connect(Host to, int localPort, int remotePort, ConnectionObserver observer) {
        return connect(to, localPort, remotePort, new TcpOptions(), observer);
    }

    public TcpConnection connect(
            Host to, int localPort, int remotePort, TcpOptions options, ConnectionObserver observer) {
        return TcpConnection.connect(
                stack(),
                port.routeTo(to.queue(0)),
                endpoint(localPort),
                to.endpoint(remotePort),
                options,
                observer,
                network.now());
    }

    /** Polls all stacks once; how much there was to do. */
    public int poll() {
        int work = 0;
        for (NetworkStack stack : stacks) {
            if (stack.tryOwn()) {
                try {
                    work += stack.poll(network.now());
                } finally {
                    stack.disown();
                }
            }
        }
        return work;
    }

    public long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (NetworkStack stack : stacks) {
            if (stack.tryOwn()) {
                next = Math.min(next, stack.nextDeadline());
                stack.disown();
            }
        }
        return next;
    }
}
