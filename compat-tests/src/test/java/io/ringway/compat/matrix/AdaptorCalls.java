package io.ringway.compat.matrix;

import static io.ringway.compat.matrix.SocketCalls.modal;
import static io.ringway.compat.matrix.SocketCalls.none;
import static io.ringway.compat.matrix.SocketCalls.plain;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls on the socket of a channel. */
final class AdaptorCalls {
    private static final int LONG_MILLIS = 10_000;
    private static final int SHORT_MILLIS = 10;

    private AdaptorCalls() {}

    static void addTo(List<ChannelCall<SocketChannel>> calls) {
        connections(calls);
        streams(calls);
        states(calls);
        options(calls);
    }

    /** Something done to a socket. */
    @FunctionalInterface
    private interface Deed {
        void run(Socket s) throws Exception;
    }

    private static ChannelCall.Action<SocketChannel> doing(Deed deed) {
        return (c, in) -> {
            deed.run(c.socket());
            return "done";
        };
    }

    private static void connections(List<ChannelCall<SocketChannel>> calls) {
        modal(calls, "socket connect", (c, in) -> connect(c, in.address(), 0));
        modal(calls, "socket connect within", (c, in) -> connect(c, in.address(), LONG_MILLIS));
        modal(calls, "socket connect too late", (c, in) -> connect(c, in.fullAddress(), SHORT_MILLIS));
        modal(calls, "socket connect refused", (c, in) -> connect(c, in.refusing, LONG_MILLIS));
        modal(calls, "socket connect refused, without limit", (c, in) -> connect(c, in.refusing, 0));
        modal(calls, "socket connect without route", (c, in) -> connect(c, SocketCalls.unreachable(), LONG_MILLIS));
        modal(
                calls,
                "socket connect unresolved",
                (c, in) -> connect(c, InetSocketAddress.createUnresolved("nowhere.invalid", 1), 0));
        modal(calls, "socket connect to a path", doing(s -> s.connect(UnixDomainSocketAddress.of("/nowhere"))));
        plain(calls, "socket connect null", doing(s -> s.connect(none())));
        plain(calls, "socket connect negative", (c, in) -> connect(c, in.address(), -1));
        plain(calls, "socket bind", doing(s -> s.bind(new InetSocketAddress("127.0.0.1", 0))));
        plain(calls, "socket bind null", doing(s -> s.bind(null)));
        plain(calls, "socket bind unresolved", doing(s -> s.bind(InetSocketAddress.createUnresolved("n.invalid", 1))));
        plain(calls, "socket bind path", doing(s -> s.bind(UnixDomainSocketAddress.of("/nowhere"))));
        plain(calls, "socket bind in use", (c, in) -> {
            c.socket().bind(in.address());
            return "bound";
        });
    }

    private static @Nullable Object connect(SocketChannel c, InetSocketAddress to, int millis) throws Exception {
        c.socket().connect(to, millis);
        return "connected";
    }

    private static void streams(List<ChannelCall<SocketChannel>> calls) {
        modal(calls, "stream read", (c, in) -> c.socket().getInputStream().read());
        modal(calls, "stream read array", (c, in) -> c.socket().getInputStream().read(new byte[100]));
        modal(
                calls,
                "stream read nothing",
                (c, in) -> c.socket().getInputStream().read(new byte[0]));
        plain(
                calls,
                "stream read beyond",
                (c, in) -> c.socket().getInputStream().read(new byte[1], 1, 1));
        plain(calls, "stream read null", (c, in) -> c.socket().getInputStream().read(none()));
        modal(calls, "stream read within", (c, in) -> {
            c.socket().setSoTimeout(SHORT_MILLIS);
            return c.socket().getInputStream().read();
        });
        modal(calls, "stream available", (c, in) -> c.socket().getInputStream().available());
        modal(calls, "stream skip", (c, in) -> c.socket().getInputStream().skip(3));
        plain(
                calls,
                "stream markSupported",
                (c, in) -> c.socket().getInputStream().markSupported());
        modal(calls, "close input stream", doing(s -> s.getInputStream().close()));
        modal(calls, "stream write", doing(s -> s.getOutputStream().write(1)));
        modal(calls, "stream write array", doing(s -> s.getOutputStream().write(new byte[100])));
        modal(calls, "stream write nothing", doing(s -> s.getOutputStream().write(new byte[0])));
        plain(calls, "stream write beyond", doing(s -> s.getOutputStream().write(new byte[1], 1, 1)));
        plain(calls, "stream write null", doing(s -> s.getOutputStream().write(none())));
        modal(calls, "stream flush", doing(s -> s.getOutputStream().flush()));
        modal(calls, "close output stream", doing(s -> s.getOutputStream().close()));
        modal(calls, "urgent data", doing(s -> s.sendUrgentData('!')));
    }

    private static void states(List<ChannelCall<SocketChannel>> calls) {
        modal(calls, "socket shutdownInput", doing(Socket::shutdownInput));
        modal(calls, "socket shutdownOutput", doing(Socket::shutdownOutput));
        modal(calls, "socket close", doing(Socket::close));
        plain(calls, "socket getChannel", (c, in) -> c.socket().getChannel() == c);
        plain(calls, "socket addresses", (c, in) -> {
            Socket s = c.socket();
            return s.getInetAddress() + " " + s.getPort() + " " + s.getRemoteSocketAddress() + " " + s.getLocalAddress()
                    + " " + s.getLocalPort() + " " + s.getLocalSocketAddress();
        });
    }

    private static void options(List<ChannelCall<SocketChannel>> calls) {
        plain(calls, "setTcpNoDelay", doing(s -> s.setTcpNoDelay(true)));
        plain(calls, "getTcpNoDelay", (c, in) -> c.socket().getTcpNoDelay());
        plain(calls, "setSoLinger", doing(s -> s.setSoLinger(true, 1)));
        plain(calls, "setSoLinger negative", doing(s -> s.setSoLinger(true, -2)));
        plain(calls, "getSoLinger", (c, in) -> c.socket().getSoLinger());
        plain(calls, "setOOBInline", doing(s -> s.setOOBInline(true)));
        plain(calls, "getOOBInline", (c, in) -> c.socket().getOOBInline());
        plain(calls, "setSoTimeout", doing(s -> s.setSoTimeout(1)));
        plain(calls, "setSoTimeout negative", doing(s -> s.setSoTimeout(-1)));
        plain(calls, "getSoTimeout", (c, in) -> c.socket().getSoTimeout());
        plain(calls, "setSendBufferSize 0", doing(s -> s.setSendBufferSize(0)));
        plain(calls, "setSendBufferSize", doing(s -> s.setSendBufferSize(50_000)));
        plain(calls, "getSendBufferSize", (c, in) -> c.socket().getSendBufferSize() > 0);
        plain(calls, "setReceiveBufferSize 0", doing(s -> s.setReceiveBufferSize(0)));
        plain(calls, "setReceiveBufferSize", doing(s -> s.setReceiveBufferSize(50_000)));
        plain(calls, "getReceiveBufferSize", (c, in) -> c.socket().getReceiveBufferSize() > 0);
        plain(calls, "setKeepAlive", doing(s -> s.setKeepAlive(true)));
        plain(calls, "getKeepAlive", (c, in) -> c.socket().getKeepAlive());
        plain(calls, "setTrafficClass", doing(s -> s.setTrafficClass(8)));
        plain(calls, "setTrafficClass large", doing(s -> s.setTrafficClass(256)));
        plain(calls, "getTrafficClass", (c, in) -> c.socket().getTrafficClass());
        plain(calls, "setReuseAddress", doing(s -> s.setReuseAddress(true)));
        plain(calls, "getReuseAddress", (c, in) -> c.socket().getReuseAddress());
        plain(calls, "setPerformancePreferences", doing(s -> s.setPerformancePreferences(1, 2, 3)));
        plain(
                calls,
                "socket supportedOptions",
                (c, in) -> c.socket().supportedOptions().equals(c.supportedOptions()));
    }
}
