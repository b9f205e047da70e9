package io.ringway.compat.differential;

import io.ringway.compat.differential.Operation.Maker;
import io.ringway.compat.support.Loopback;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a program does with a {@link ServerSocketChannel} and its adaptor. */
final class ServerOperations {
    static final List<Maker> ALL = List.of(
            ServerOperations::open,
            ServerOperations::bind,
            ServerOperations::accept,
            ServerOperations::accept,
            ServerOperations::accept,
            ServerOperations::acceptByAdaptor,
            ServerOperations::configureBlocking,
            ServerOperations::state,
            ServerOperations::timeout,
            ServerOperations::close);

    private ServerOperations() {}

    /** An action on a channel that is there. */
    @FunctionalInterface
    private interface OnServer {
        @Nullable
        Object run(World world, ServerSocketChannel channel) throws Exception;
    }

    private static Operation on(Random random, String what, OnServer action) {
        return on(World.someServer(random), what, action);
    }

    private static Operation on(int i, String what, OnServer action) {
        return new Operation("l" + i + " " + what, world -> {
            ServerSocketChannel channel = world.server(i);
            return channel == null ? Operation.ABSENT : action.run(world, channel);
        });
    }

    static Operation open(Random random) {
        int i = World.someServer(random);
        return new Operation("l" + i + " open", world -> {
            ServerSocketChannel old = world.server(i);
            if (old != null && old.isOpen()) {
                return "is open";
            }
            world.servers.set(i, world.remember(ServerSocketChannel.open()));
            return "opened";
        });
    }

    static Operation bind(Random random) {
        int i = World.someServer(random);
        boolean byAdaptor = random.nextInt(3) == 0;
        Loopback[] ways = Loopback.values();
        Loopback way = ways[random.nextInt(ways.length)];
        InetSocketAddress local = way.bindAddress();
        return on(i, "bind to " + way + (byAdaptor ? " by adaptor" : ""), (world, l) -> {
            if (byAdaptor) {
                l.socket().bind(local);
            } else {
                l.bind(local);
            }
            world.addresses.set(i, way.connectAddress(l));
            return "bound";
        });
    }

    private static Object accepted(World world, @Nullable SocketChannel accepted) throws Exception {
        if (accepted == null) {
            return "nothing";
        }
        String state = accepted + (accepted.isBlocking() ? " blocking" : "");
        String place = world.place(accepted);
        if (place == null) {
            accepted.close();
        }
        return place + " " + state;
    }

    static Operation accept(Random random) {
        return on(random, "accept", (world, l) -> accepted(world, l.accept()));
    }

    static Operation acceptByAdaptor(Random random) {
        return on(random, "accept by adaptor", (world, l) -> {
            Socket socket = l.socket().accept();
            return socket + " " + accepted(world, socket.getChannel());
        });
    }

    static Operation configureBlocking(Random random) {
        boolean block = random.nextInt(3) == 0;
        return on(random, "configureBlocking " + block, (world, l) -> {
            l.configureBlocking(block);
            return l.isBlocking();
        });
    }

    static Operation state(Random random) {
        return on(random, "state", (world, l) -> {
            ServerSocket s = l.socket();
            return l + (l.isBlocking() ? " blocking" : "") + (l.isRegistered() ? " registered " : " ") + s
                    + (s.isBound() ? " bound" : "") + (s.isClosed() ? " closed " : " ") + s.getInetAddress() + " "
                    + s.getLocalPort() + " " + s.getLocalSocketAddress();
        });
    }

    static Operation timeout(Random random) {
        int millis = random.nextInt(3) - 1;
        return on(random, "setSoTimeout " + millis, (world, l) -> {
            l.socket().setSoTimeout(millis);
            return l.socket().getSoTimeout();
        });
    }

    static Operation close(Random random) {
        return on(random, "close", (world, l) -> {
            l.close();
            return "closed";
        });
    }
}
