package io.ringway.bench.jmh;

import io.ringway.nic.IpEndpoint;
import io.ringway.stack.ListenerTable;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackSettings;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.stack.tcp.TcpOptions;
import java.util.SplittableRandom;

/** Two stacks on a {@link MemoryPort}, one with a listener. All on the caller's thread, in the caller's time. */
final class StackPair {
    private static final int LOOPBACK = 0x7f000001;
    private static final int SERVER_PORT = 7;
    private static final IpEndpoint SERVER = IpEndpoint.v4(LOOPBACK, SERVER_PORT);

    final NetworkStack client;
    final NetworkStack server;
    private final MemoryPort.To route;
    private final TcpListener listener;
    private long now;

    StackPair() {
        MemoryPort port = new MemoryPort();
        MemoryQueue clientQueue = port.openQueue();
        MemoryQueue serverQueue = port.openQueue();
        ListenerTable listeners = new ListenerTable();
        StackSettings settings = StackSettings.defaults();
        client = new NetworkStack(clientQueue, settings, new ListenerTable(), new SplittableRandom(1));
        server = new NetworkStack(serverQueue, settings, listeners, new SplittableRandom(2));
        listener = new TcpListener(listeners, SERVER, false, Integer.MAX_VALUE, noDelay(), () -> {});
        route = new MemoryPort.To(port, serverQueue);
    }

    private static TcpOptions noDelay() {
        TcpOptions options = new TcpOptions();
        options.noDelay(true);
        return options;
    }

    /** Starts a connection from {@code localPort}. */
    TcpConnection connect(int localPort) {
        IpEndpoint local = IpEndpoint.v4(LOOPBACK, localPort);
        return TcpConnection.connect(client, route, local, SERVER, noDelay(), () -> {}, ++now);
    }

    /** The next connection that arrived at the server. */
    TcpConnection accept() {
        for (int i = 0; i < 10; i++) {
            poll(server);
            poll(client);
            TcpConnection accepted = listener.accept();
            if (accepted != null) {
                return accepted;
            }
        }
        throw new IllegalStateException("Nothing arrived");
    }

    int poll(NetworkStack stack) {
        if (!stack.tryOwn()) {
            throw new IllegalStateException("Owned by another thread");
        }
        try {
            return stack.poll(++now);
        } finally {
            stack.disown();
        }
    }
}
