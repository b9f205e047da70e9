package io.ringway.compat.matrix;

import static io.ringway.compat.matrix.SocketCalls.none;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls on a server channel and on its server socket. */
final class ServerCalls {
    static final List<ChannelCall<ServerSocketChannel>> ALL = all();

    private static final int SHORT_MILLIS = 10;

    private ServerCalls() {}

    private static List<ChannelCall<ServerSocketChannel>> all() {
        List<ChannelCall<ServerSocketChannel>> calls = new ArrayList<>();
        ofChannel(calls);
        ofSocket(calls);
        OptionCalls.addToServers(calls);
        return calls;
    }

    /** How the channel looks after a call. */
    static Object look(ServerSocketChannel c, Surroundings in) {
        ServerSocket s = c.socket();
        return c + " " + c.isOpen() + c.isBlocking() + c.isRegistered() + " " + s + " " + s.isBound() + s.isClosed();
    }

    private static void modal(
            List<ChannelCall<ServerSocketChannel>> to, String name, ChannelCall.Action<ServerSocketChannel> action) {
        to.add(new ChannelCall<>(name, true, action));
    }

    private static void plain(
            List<ChannelCall<ServerSocketChannel>> to, String name, ChannelCall.Action<ServerSocketChannel> action) {
        to.add(new ChannelCall<>(name, false, action));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress("127.0.0.1", 0);
    }

    private static InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved("nowhere.invalid", 1);
    }

    private static void ofChannel(List<ChannelCall<ServerSocketChannel>> calls) {
        modal(calls, "accept", (c, in) -> accepted(c.accept(), in));
        modal(calls, "bind", (c, in) -> c.bind(anyPort()) == c);
        plain(calls, "bind null", (c, in) -> c.bind(null) == c);
        plain(calls, "bind backlog", (c, in) -> c.bind(anyPort(), 3) == c);
        plain(calls, "bind negative backlog", (c, in) -> c.bind(anyPort(), -3) == c);
        plain(calls, "bind in use", (c, in) -> c.bind(in.address()));
        plain(calls, "bind elsewhere", (c, in) -> c.bind(new InetSocketAddress("240.0.0.1", 0)));
        plain(calls, "bind unresolved", (c, in) -> c.bind(unresolved()));
        plain(calls, "bind path", (c, in) -> c.bind(UnixDomainSocketAddress.of("/nowhere")));
        plain(calls, "getLocalAddress", (c, in) -> c.getLocalAddress());
        plain(calls, "validOps", (c, in) -> c.validOps());
        plain(calls, "supportedOptions", (c, in) -> c.supportedOptions().size());
        modal(calls, "close", (c, in) -> {
            c.close();
            c.close();
            return c.isOpen();
        });
        modal(calls, "configureBlocking true", (c, in) -> c.configureBlocking(true) == c);
        modal(calls, "configureBlocking false", (c, in) -> c.configureBlocking(false) == c);
        modal(calls, "register and select", (c, in) -> {
            SelectionKey key = c.register(in.selector, SelectionKey.OP_ACCEPT);
            return in.selector.selectNow() + " " + key.readyOps();
        });
        plain(calls, "register for read", (c, in) -> c.register(in.selector, SelectionKey.OP_READ) != null);
    }

    private static String accepted(@Nullable SocketChannel channel, Surroundings in) {
        if (channel == null) {
            return "nothing";
        }
        return in.remember(channel).isBlocking() + " " + channel.isConnected() + " " + channel.isRegistered();
    }

    /** Something done to a socket. */
    @FunctionalInterface
    private interface Deed {
        void run(ServerSocket s) throws Exception;
    }

    private static ChannelCall.Action<ServerSocketChannel> doing(Deed deed) {
        return (c, in) -> {
            deed.run(c.socket());
            return "done";
        };
    }

    private static void ofSocket(List<ChannelCall<ServerSocketChannel>> calls) {
        modal(calls, "socket accept", (c, in) -> accepted(c.socket().accept(), in));
        modal(calls, "socket accept within", (c, in) -> {
            c.socket().setSoTimeout(SHORT_MILLIS);
            return accepted(c.socket().accept(), in);
        });
        plain(calls, "socket bind", doing(s -> s.bind(anyPort())));
        plain(calls, "socket bind null", doing(s -> s.bind(null)));
        plain(calls, "socket bind backlog", doing(s -> s.bind(anyPort(), 3)));
        plain(calls, "socket bind unresolved", doing(s -> s.bind(unresolved())));
        plain(calls, "socket bind path", doing(s -> s.bind(UnixDomainSocketAddress.of("/nowhere"))));
        plain(calls, "socket bind in use", (c, in) -> {
            c.socket().bind(in.address());
            return "bound";
        });
        modal(calls, "socket close", doing(ServerSocket::close));
        plain(calls, "socket getChannel", (c, in) -> c.socket().getChannel() == c);
        plain(calls, "socket addresses", (c, in) -> {
            ServerSocket s = c.socket();
            return s.getInetAddress() + " " + s.getLocalPort() + " " + s.getLocalSocketAddress();
        });
        plain(calls, "setSoTimeout", doing(s -> s.setSoTimeout(1)));
        plain(calls, "setSoTimeout negative", doing(s -> s.setSoTimeout(-1)));
        plain(calls, "getSoTimeout", (c, in) -> c.socket().getSoTimeout());
        plain(calls, "setReuseAddress", doing(s -> s.setReuseAddress(false)));
        plain(calls, "getReuseAddress", (c, in) -> c.socket().getReuseAddress());
        plain(calls, "setReceiveBufferSize 0", doing(s -> s.setReceiveBufferSize(0)));
        plain(calls, "setReceiveBufferSize", doing(s -> s.setReceiveBufferSize(50_000)));
        plain(calls, "getReceiveBufferSize", (c, in) -> c.socket().getReceiveBufferSize() > 0);
        plain(calls, "setPerformancePreferences", doing(s -> s.setPerformancePreferences(1, 2, 3)));
        plain(
                calls,
                "socket supportedOptions",
                (c, in) -> c.socket().supportedOptions().equals(c.supportedOptions()));
        plain(calls, "socket setOption null", (c, in) -> c.socket().setOption(none(), 1));
    }

    private static String accepted(Socket socket, Surroundings in) {
        return accepted(socket.getChannel(), in);
    }
}
