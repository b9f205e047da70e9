package io.ringway.compat.support;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener whose backlog is full, so that the next connection stays pending. */
public final class FullListener implements AutoCloseable {
    private static final int PATIENCE = 200;

    private final ServerSocketChannel listener;
    private final List<SocketChannel> channels = new ArrayList<>();
    private @Nullable Background<@Nullable Void> acceptor;

    private FullListener(ServerSocketChannel listener) {
        this.listener = listener;
    }

    /** A listener with room, for a fixture that needs none that is full. */
    public static FullListener unused() throws IOException {
        return new FullListener(ServerSocketChannel.open().bind(Loopback.anyPort()));
    }

    public static FullListener open() throws Exception {
        FullListener full = new FullListener(ServerSocketChannel.open().bind(Loopback.anyPort(), 1));
        boolean accepts = true;
        while (accepts) {
            SocketChannel filler = SocketChannel.open();
            full.channels.add(filler);
            filler.configureBlocking(false);
            filler.connect(full.address());
            accepts = completes(filler);
        }
        return full;
    }

    /** Whether the connection completes soon; that it doesn't can only be told by waiting a little. */
    private static boolean completes(SocketChannel channel) throws Exception {
        for (int i = 0; i < PATIENCE; i++) {
            if (channel.finishConnect()) {
                return true;
            }
            Await.pause();
        }
        return false;
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** Accepts whatever comes, from now on. */
    public void acceptAll() {
        acceptor = Background.run(() -> {
            while (true) {
                listener.accept().close();
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel channel : channels) {
            channel.close();
        }
        if (acceptor != null) {
            acceptor.close();
        }
    }
}
