package io.ringway.compat.differential;

import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The numbered channels and selectors that operations work on; a number may be taken again once its object is closed. */
final class World {
    static final int CHANNELS = 4;
    static final int SERVERS = 2;
    static final int SELECTORS = 2;

    final AtomicReferenceArray<@Nullable SocketChannel> channels = new AtomicReferenceArray<>(CHANNELS);
    final AtomicReferenceArray<@Nullable ServerSocketChannel> servers = new AtomicReferenceArray<>(SERVERS);
    final AtomicReferenceArray<@Nullable Selector> selectors = new AtomicReferenceArray<>(SELECTORS);

    /** Where the servers were bound last, or an address that refuses. */
    final AtomicReferenceArray<InetSocketAddress> addresses = new AtomicReferenceArray<>(SERVERS);

    final Selections selections = new Selections();

    private final List<Channel> all = new ArrayList<>();

    /** A write was too large for the buffers: how much of it went through is nobody's promise. */
    volatile boolean large;

    /** A channel's input was shut: whether its peer may write on without end is left open. */
    volatile boolean inputShut;

    World() throws IOException {
        for (int i = 0; i < SERVERS; i++) {
            addresses.set(i, Loopback.refusing());
        }
    }

    @Nullable
    SocketChannel channel(int i) {
        return channels.get(i);
    }

    @Nullable
    ServerSocketChannel server(int i) {
        return servers.get(i);
    }

    @Nullable
    Selector selector(int i) {
        return selectors.get(i);
    }

    /** A channel or, from the number of channels on, a server channel. */
    @Nullable
    SelectableChannel any(int i) {
        return i < CHANNELS ? channels.get(i) : servers.get(i - CHANNELS);
    }

    /** The first two channels are the ones that scenarios begin with: they are wanted most. */
    static int someChannel(Random random) {
        return random.nextInt(5) == 0 ? random.nextInt(CHANNELS) : random.nextInt(2);
    }

    static int someServer(Random random) {
        return random.nextInt(4) / 3;
    }

    static String nameOfAny(int i) {
        return i < CHANNELS ? "c" + i : "l" + (i - CHANNELS);
    }

    synchronized <C extends Channel> C remember(C channel) {
        all.add(channel);
        return channel;
    }

    /** Everything that was ever opened, closed or not. */
    synchronized List<Channel> all() {
        return List.copyOf(all);
    }

    /** Puts a channel where it is free, the lowest number first; tells where, or null if there is no room. */
    synchronized @Nullable String place(SocketChannel channel) {
        remember(channel);
        for (int i = 0; i < CHANNELS; i++) {
            SocketChannel old = channels.get(i);
            if (old == null || !old.isOpen()) {
                channels.set(i, channel);
                return "c" + i;
            }
        }
        return null;
    }

    /** How the transcript names the channel of a key. */
    String nameOf(SelectionKey key) {
        for (int i = 0; i < CHANNELS + SERVERS; i++) {
            if (any(i) == key.channel()) {
                return nameOfAny(i);
            }
        }
        return "former";
    }
}
