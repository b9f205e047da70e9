package io.ringway.compat.differential;

import io.ringway.compat.differential.Operation.Maker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a program does with a {@link SocketChannel}. */
final class ChannelOperations {
    private static final int LARGE = 20_000_000;
    private static final int[] SIZES = {0, 1, 10, 100, 5_000};

    static final List<Maker> ALL = List.of(
            ChannelOperations::open,
            ChannelOperations::bind,
            ChannelOperations::connect,
            ChannelOperations::connect,
            ChannelOperations::connectOddly,
            ChannelOperations::finishConnect,
            ChannelOperations::configureBlocking,
            ChannelOperations::state,
            ChannelOperations::peers,
            ChannelOperations::option,
            ChannelOperations::option);

    static final List<Maker> TRAFFIC = List.of(
            ChannelOperations::write,
            ChannelOperations::write,
            ChannelOperations::gather,
            ChannelOperations::writeLarge,
            ChannelOperations::read,
            ChannelOperations::read,
            ChannelOperations::readReadOnly,
            ChannelOperations::scatter,
            ChannelOperations::shutdownInput,
            ChannelOperations::shutdownOutput,
            ChannelOperations::close);

    private ChannelOperations() {}

    /** An action on a channel that is there. */
    @FunctionalInterface
    private interface OnChannel {
        @Nullable
        Object run(World world, SocketChannel channel) throws Exception;
    }

    private static Operation on(int i, String what, OnChannel action) {
        return new Operation("c" + i + " " + what, world -> {
            SocketChannel channel = world.channel(i);
            return channel == null ? Operation.ABSENT : action.run(world, channel);
        });
    }

    private static int some(Random random) {
        return World.someChannel(random);
    }

    static Operation open(Random random) {
        int i = some(random);
        return new Operation("c" + i + " open", world -> {
            SocketChannel old = world.channel(i);
            if (old != null && old.isOpen()) {
                return "is open";
            }
            world.channels.set(i, world.remember(SocketChannel.open()));
            return "opened";
        });
    }

    static Operation bind(Random random) {
        boolean wildcard = random.nextBoolean();
        InetSocketAddress local = wildcard ? null : new InetSocketAddress("127.0.0.1", 0);
        return on(some(random), "bind" + (wildcard ? " to null" : ""), (world, c) -> {
            if (c.isConnected()) {
                // Whether it waits for a read in progress before it throws is left open.
                return "not now";
            }
            c.bind(local);
            return "bound";
        });
    }

    static Operation connect(Random random) {
        int to = World.someServer(random);
        return on(some(random), "connect to l" + to, (world, c) -> c.connect(world.addresses.get(to)));
    }

    static Operation connectOddly(Random random) {
        SocketAddress odd = random.nextBoolean()
                ? InetSocketAddress.createUnresolved("nowhere.invalid", 1)
                : UnixDomainSocketAddress.of("/nowhere");
        return on(some(random), "connect to " + odd, (world, c) -> c.connect(odd));
    }

    static Operation finishConnect(Random random) {
        return on(some(random), "finishConnect", (world, c) -> c.finishConnect());
    }

    static Operation configureBlocking(Random random) {
        boolean block = random.nextInt(3) == 0;
        return on(some(random), "configureBlocking " + block, (world, c) -> {
            c.configureBlocking(block);
            return c.isBlocking();
        });
    }

    static Operation state(Random random) {
        return on(
                some(random),
                "state",
                (world, c) -> c
                        + (c.isBlocking() ? " blocking" : "")
                        + (c.isRegistered() ? " registered" : "")
                        + (c.isConnected() ? " connected" : "")
                        + (c.isConnectionPending() ? " pending" : ""));
    }

    /** Which channels' addresses belong together. */
    static Operation peers(Random random) {
        return new Operation("peers", world -> {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < World.CHANNELS; i++) {
                for (int j = 0; j < World.CHANNELS; j++) {
                    if (arePeers(world.channel(i), world.channel(j))) {
                        all.append(i).append("->").append(j).append(' ');
                    }
                }
            }
            return all;
        });
    }

    private static boolean arePeers(@Nullable SocketChannel a, @Nullable SocketChannel b) throws IOException {
        if (a == null || b == null || !a.isOpen() || !b.isOpen()) {
            return false;
        }
        SocketAddress local = a.getLocalAddress();
        return local != null && local.equals(b.getRemoteAddress());
    }

    static Operation option(Random random) {
        int i = some(random);
        return switch (random.nextInt(6)) {
            case 0 -> set(i, StandardSocketOptions.SO_LINGER, random.nextInt(2) - 1);
            case 1 -> set(i, StandardSocketOptions.TCP_NODELAY, random.nextBoolean());
            case 2 -> set(i, StandardSocketOptions.SO_KEEPALIVE, random.nextBoolean());
            case 3 -> set(i, StandardSocketOptions.IP_TOS, 300 * random.nextInt(2));
            case 4 -> get(i, StandardSocketOptions.SO_LINGER);
            default -> get(i, StandardSocketOptions.TCP_NODELAY);
        };
    }

    private static <T> Operation set(int i, SocketOption<T> option, T value) {
        return on(i, "set " + option + " " + value, (world, c) -> {
            c.setOption(option, value);
            return c.getOption(option);
        });
    }

    private static Operation get(int i, SocketOption<?> option) {
        return on(i, "get " + option, (world, c) -> c.getOption(option));
    }

    // Traffic.

    private static ByteBuffer buffer(int size, int kind) {
        ByteBuffer b = kind == 0 ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            b.put(i, (byte) (size + i));
        }
        return kind == 1 ? b.asReadOnlyBuffer() : b;
    }

    private static Object count(World world, long n) {
        return n > 0 && world.large ? "some" : n;
    }

    static Operation write(Random random) {
        int size = SIZES[random.nextInt(SIZES.length)];
        int kind = random.nextInt(3);
        return on(some(random), "write " + size, (world, c) -> count(world, c.write(buffer(size, kind))));
    }

    static Operation gather(Random random) {
        int size = SIZES[random.nextInt(SIZES.length)];
        int offset = random.nextInt(2);
        int length = random.nextInt(3);
        return on(some(random), "write " + size + " of each from " + offset + " on " + length, (world, c) -> {
            ByteBuffer[] all = {buffer(size, 0), buffer(0, 1), buffer(size, 2)};
            return count(world, c.write(all, offset, length));
        });
    }

    /** Only in blocking mode: how much a channel takes is its own affair. */
    static Operation writeLarge(Random random) {
        boolean rare = random.nextInt(4) != 0;
        return on(some(random), "write much", (world, c) -> {
            if (rare || world.inputShut || !c.isBlocking()) {
                return "not now";
            }
            if (c.isConnected()) {
                world.large = true;
            }
            ByteBuffer all = ByteBuffer.allocate(LARGE);
            while (all.hasRemaining()) {
                // In a virtual thread, the JDK's channels may write a part.
                c.write(all);
            }
            return "all";
        });
    }

    static Operation read(Random random) {
        int size = SIZES[random.nextInt(SIZES.length)];
        int kind = 2 * random.nextInt(2);
        return on(some(random), "read " + size, (world, c) -> {
            ByteBuffer b = buffer(size, kind);
            int n = c.read(b);
            return n > 0 && !world.large ? n + " bytes, hash " + b.flip().hashCode() : count(world, n);
        });
    }

    static Operation readReadOnly(Random random) {
        int size = SIZES[random.nextInt(SIZES.length)];
        return on(some(random), "read " + size + " read-only", (world, c) -> c.read(buffer(size, 1)));
    }

    static Operation scatter(Random random) {
        int size = SIZES[random.nextInt(SIZES.length)];
        int offset = random.nextInt(2);
        int length = random.nextInt(3);
        int kind = random.nextInt(4);
        return on(
                some(random),
                "read " + size + " each from " + offset + " on " + length + " kind " + kind,
                (world, c) -> {
                    ByteBuffer[] all = {buffer(size, 0), buffer(1, kind), buffer(size, 2)};
                    return count(world, c.read(all, offset, length));
                });
    }

    static Operation shutdownInput(Random random) {
        return on(some(random), "shutdownInput", (world, c) -> {
            world.inputShut = true;
            c.shutdownInput();
            return "shut";
        });
    }

    static Operation shutdownOutput(Random random) {
        return on(some(random), "shutdownOutput", (world, c) -> {
            c.shutdownOutput();
            return "shut";
        });
    }

    static Operation close(Random random) {
        return on(some(random), "close", (world, c) -> {
            c.close();
            return "closed";
        });
    }
}
