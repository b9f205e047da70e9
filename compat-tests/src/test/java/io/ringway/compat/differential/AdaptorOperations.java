package io.ringway.compat.differential;

import io.ringway.compat.differential.Operation.Maker;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a program does with the {@link Socket} of a channel. */
final class AdaptorOperations {
    private static final int LARGE = 20_000_000;
    private static final int SIZE = 10;

    static final List<Maker> ALL = List.of(
            AdaptorOperations::state,
            AdaptorOperations::addresses,
            AdaptorOperations::connect,
            AdaptorOperations::bind,
            AdaptorOperations::setter,
            AdaptorOperations::getter,
            AdaptorOperations::timeout,
            AdaptorOperations::read,
            AdaptorOperations::read,
            AdaptorOperations::available,
            AdaptorOperations::write,
            AdaptorOperations::writeLarge,
            AdaptorOperations::shutdownInput,
            AdaptorOperations::shutdownOutput,
            AdaptorOperations::closeStream);

    private AdaptorOperations() {}

    /** An action on the socket of a channel that is there. */
    @FunctionalInterface
    private interface OnSocket {
        @Nullable
        Object run(World world, Socket socket) throws Exception;
    }

    private static Operation on(Random random, String what, OnSocket action) {
        int i = World.someChannel(random);
        return new Operation("socket of c" + i + " " + what, world -> {
            SocketChannel channel = world.channel(i);
            return channel == null ? Operation.ABSENT : action.run(world, channel.socket());
        });
    }

    static Operation state(Random random) {
        return on(
                random,
                "state",
                (world, s) -> s
                        + (s.isBound() ? " bound" : "")
                        + (s.isConnected() ? " connected" : "")
                        + (s.isClosed() ? " closed" : "")
                        + (s.isInputShutdown() ? " ishut" : "")
                        + (s.isOutputShutdown() ? " oshut" : ""));
    }

    static Operation addresses(Random random) {
        return on(
                random,
                "addresses",
                (world, s) -> s.getInetAddress() + " " + s.getPort() + " " + s.getLocalAddress() + " "
                        + s.getLocalPort() + " " + s.getRemoteSocketAddress() + " " + s.getLocalSocketAddress());
    }

    static Operation connect(Random random) {
        int to = World.someServer(random);
        int odd = random.nextInt(5);
        int millis = odd == 0 ? -1 : 5_000 * random.nextInt(2);
        return on(random, "connect to " + (odd == 1 ? "unresolved" : "l" + to) + " within " + millis, (world, s) -> {
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
            s.connect(odd == 1 ? unresolved : world.addresses.get(to), millis);
            return "connected";
        });
    }

    static Operation bind(Random random) {
        return on(random, "bind", (world, s) -> {
            if (s.isConnected()) {
                return "not now";
            }
            s.bind(null);
            return "bound";
        });
    }

    static Operation setter(Random random) {
        int value = random.nextInt(3) - 1;
        boolean on = random.nextBoolean();
        int which = random.nextInt(8);
        return on(random, "setter " + which + " " + value + " " + on, (world, s) -> {
            switch (which) {
                case 0 -> s.setTcpNoDelay(on);
                case 1 -> s.setKeepAlive(on);
                case 2 -> s.setReuseAddress(on);
                case 3 -> s.setSoLinger(on, 0);
                case 4 -> s.setTrafficClass(value);
                case 5 -> s.setSendBufferSize(value);
                case 6 -> s.setReceiveBufferSize(value);
                default -> s.setPerformancePreferences(value, value, value);
            }
            return "set";
        });
    }

    static Operation getter(Random random) {
        int which = random.nextInt(7);
        return on(random, "getter " + which, (world, s) -> switch (which) {
            case 0 -> s.getTcpNoDelay();
            case 1 -> s.getKeepAlive();
            case 2 -> s.getReuseAddress();
            case 3 -> s.getSoLinger();
            case 4 -> s.getTrafficClass();
            case 5 -> s.getSoTimeout();
            default -> s.getOOBInline();
        });
    }

    static Operation timeout(Random random) {
        int millis = random.nextInt(3) - 1;
        return on(random, "setSoTimeout " + millis, (world, s) -> {
            s.setSoTimeout(millis);
            return "set";
        });
    }

    static Operation read(Random random) {
        int length = random.nextInt(3) == 0 ? 0 : SIZE;
        return on(random, "stream read " + length, (world, s) -> {
            byte[] b = new byte[SIZE];
            int n = s.getInputStream().read(b, 0, length);
            return n > 0 && world.large ? "some" : n;
        });
    }

    static Operation available(Random random) {
        return on(random, "available", (world, s) -> {
            int n = s.getInputStream().available();
            return n > 0 && world.large ? "some" : n;
        });
    }

    static Operation write(Random random) {
        int length = random.nextInt(3) == 0 ? 0 : SIZE;
        return on(random, "stream write " + length, (world, s) -> {
            s.getOutputStream().write(new byte[SIZE], 0, length);
            return "written";
        });
    }

    static Operation writeLarge(Random random) {
        boolean rare = random.nextInt(4) != 0;
        return on(random, "stream write much", (world, s) -> {
            if (rare || world.inputShut || !s.getChannel().isBlocking()) {
                return "not now";
            }
            if (s.isConnected()) {
                world.large = true;
            }
            s.getOutputStream().write(new byte[LARGE]);
            return "written";
        });
    }

    static Operation shutdownInput(Random random) {
        return on(random, "shutdownInput", (world, s) -> {
            world.inputShut = true;
            s.shutdownInput();
            return "shut";
        });
    }

    static Operation shutdownOutput(Random random) {
        return on(random, "shutdownOutput", (world, s) -> {
            s.shutdownOutput();
            return "shut";
        });
    }

    static Operation closeStream(Random random) {
        boolean rare = random.nextInt(3) != 0;
        return on(random, "close a stream", (world, s) -> {
            if (rare || s.getChannel().isRegistered()) {
                return "not now";
            }
            s.getOutputStream().close();
            return "closed";
        });
    }
}
