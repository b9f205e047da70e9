package io.ringway.compat.matrix;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls on a socket channel itself. */
final class SocketCalls {
    static final List<ChannelCall<SocketChannel>> ALL = all();

    private static final int SIZE = 5;

    private SocketCalls() {}

    private static List<ChannelCall<SocketChannel>> all() {
        List<ChannelCall<SocketChannel>> calls = new ArrayList<>();
        transfers(calls);
        connections(calls);
        states(calls);
        AdaptorCalls.addTo(calls);
        TransferCalls.addTo(calls);
        OptionCalls.addTo(calls);
        return calls;
    }

    /** How the channel looks after a call. */
    static Object look(SocketChannel c, Surroundings in) {
        Socket s = c.socket();
        return c + " " + c.isOpen() + c.isBlocking() + c.isRegistered() + c.isConnected() + c.isConnectionPending()
                + " " + s + " " + s.isBound() + s.isClosed() + s.isConnected() + s.isInputShutdown()
                + s.isOutputShutdown();
    }

    static void modal(List<ChannelCall<SocketChannel>> to, String name, ChannelCall.Action<SocketChannel> action) {
        to.add(new ChannelCall<>(name, true, action));
    }

    static void plain(List<ChannelCall<SocketChannel>> to, String name, ChannelCall.Action<SocketChannel> action) {
        to.add(new ChannelCall<>(name, false, action));
    }

    private static ByteBuffer readOnly() {
        return ByteBuffer.allocate(SIZE).asReadOnlyBuffer();
    }

    private static ByteBuffer[] some() {
        return new ByteBuffer[] {ByteBuffer.allocate(SIZE), ByteBuffer.allocateDirect(SIZE)};
    }

    private static ByteBuffer[] someReadOnly() {
        return new ByteBuffer[] {ByteBuffer.allocate(SIZE), readOnly()};
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue", "TypeParameterUnusedInFormals"})
    static <T> T none() {
        return null;
    }

    private static void transfers(List<ChannelCall<SocketChannel>> calls) {
        modal(calls, "read", (c, in) -> c.read(ByteBuffer.allocate(SIZE)));
        modal(calls, "read empty", (c, in) -> c.read(ByteBuffer.allocate(0)));
        modal(calls, "read read-only", (c, in) -> c.read(readOnly()));
        modal(
                calls,
                "read empty read-only",
                (c, in) -> c.read(ByteBuffer.allocate(0).asReadOnlyBuffer()));
        plain(calls, "read null", (c, in) -> c.read((ByteBuffer) none()));
        modal(
                calls,
                "read twice",
                (c, in) -> c.read(ByteBuffer.allocate(100)) + "," + c.read(ByteBuffer.allocate(SIZE)));
        modal(calls, "scatter", (c, in) -> c.read(some()));
        modal(calls, "scatter into none", (c, in) -> c.read(new ByteBuffer[0]));
        modal(calls, "scatter read-only", (c, in) -> c.read(someReadOnly()));
        plain(calls, "scatter null", (c, in) -> c.read(new ByteBuffer[] {none()}));
        plain(calls, "scatter beyond", (c, in) -> c.read(some(), 1, 2));
        modal(calls, "write", (c, in) -> c.write(ByteBuffer.allocate(SIZE)));
        modal(calls, "write read-only", (c, in) -> c.write(readOnly()));
        modal(calls, "write empty", (c, in) -> c.write(ByteBuffer.allocate(0)));
        plain(calls, "write null", (c, in) -> c.write((ByteBuffer) none()));
        modal(calls, "write twice", (c, in) -> {
            int n = c.write(ByteBuffer.allocate(SIZE));
            in.settle();
            return n + "," + c.write(ByteBuffer.allocate(SIZE));
        });
        modal(calls, "gather", (c, in) -> c.write(some()));
        modal(calls, "gather from none", (c, in) -> c.write(new ByteBuffer[0]));
        plain(calls, "gather null", (c, in) -> c.write(new ByteBuffer[] {none()}));
        plain(calls, "gather beyond", (c, in) -> c.write(some(), -1, 2));
    }

    /** Nobody has a connection to the broadcast address, and nothing is sent to it. */
    static InetSocketAddress unreachable() {
        return new InetSocketAddress("255.255.255.255", 9);
    }

    private static void connections(List<ChannelCall<SocketChannel>> calls) {
        modal(calls, "connect", (c, in) -> c.connect(in.address()));
        modal(calls, "connect refused", (c, in) -> c.connect(in.refusing));
        modal(calls, "connect to a full listener", (c, in) -> c.connect(in.fullAddress()));
        modal(calls, "connect without route", (c, in) -> c.connect(unreachable()));
        modal(calls, "connect to port 0", (c, in) -> c.connect(new InetSocketAddress("127.0.0.1", 0)));
        modal(
                calls,
                "connect unresolved",
                (c, in) -> c.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        modal(calls, "connect to a path", (c, in) -> c.connect(UnixDomainSocketAddress.of("/nowhere")));
        plain(calls, "connect null", (c, in) -> c.connect(none()));
        modal(calls, "finishConnect", (c, in) -> c.finishConnect());
        modal(calls, "bind", (c, in) -> c.bind(new InetSocketAddress("127.0.0.1", 0)));
        modal(calls, "bind null", (c, in) -> c.bind(null));
        modal(calls, "bind in use", (c, in) -> c.bind(in.address()));
        plain(calls, "bind elsewhere", (c, in) -> c.bind(new InetSocketAddress("240.0.0.1", 0)));
        plain(calls, "bind unresolved", (c, in) -> c.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        plain(calls, "bind path", (c, in) -> c.bind(UnixDomainSocketAddress.of("/nowhere")));
    }

    private static void states(List<ChannelCall<SocketChannel>> calls) {
        modal(calls, "shutdownInput", (c, in) -> c.shutdownInput() == c);
        modal(calls, "shutdownOutput", (c, in) -> c.shutdownOutput() == c);
        modal(calls, "shutdownInput then read", (c, in) -> c.shutdownInput().read(ByteBuffer.allocate(100)));
        modal(calls, "shutdownOutput then write", (c, in) -> c.shutdownOutput().write(ByteBuffer.allocate(SIZE)));
        modal(calls, "close", (c, in) -> closed(c));
        plain(calls, "getLocalAddress", (c, in) -> c.getLocalAddress());
        plain(calls, "getRemoteAddress", (c, in) -> c.getRemoteAddress());
        plain(calls, "validOps", (c, in) -> c.validOps());
        plain(calls, "supportedOptions", (c, in) -> c.supportedOptions().size());
        modal(calls, "configureBlocking true", (c, in) -> c.configureBlocking(true) == c);
        modal(calls, "configureBlocking false", (c, in) -> c.configureBlocking(false) == c);
        for (int interest : new int[] {0, OP_READ, OP_WRITE, OP_CONNECT, OP_READ | OP_WRITE, OP_READ | OP_CONNECT}) {
            modal(calls, "register for " + interest + " and select", (c, in) -> ready(c, in, interest));
        }
        plain(calls, "register for accept", (c, in) -> c.register(in.selector, SelectionKey.OP_ACCEPT) != null);
    }

    private static @Nullable Object closed(SocketChannel c) throws Exception {
        c.close();
        c.close();
        return c.isOpen();
    }

    private static Object ready(SocketChannel c, Surroundings in, int interest) throws Exception {
        SelectionKey key = c.register(in.selector, interest);
        return in.selector.selectNow() + " " + key.readyOps();
    }
}
