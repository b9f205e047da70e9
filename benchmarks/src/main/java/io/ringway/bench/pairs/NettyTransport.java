package io.ringway.bench.pairs;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** Which of Netty's transports a program uses: {@code transport=nio|epoll|io_uring}, the first two also spinning. */
record NettyTransport(
        IoHandlerFactory handlers,
        Class<? extends ServerSocketChannel> serverChannel,
        Class<? extends SocketChannel> clientChannel) {

    static NettyTransport of(Options options) {
        boolean busy = options.flag("busy");
        String name = options.text("transport", "nio");
        return switch (name) {
            case "nio" -> nio(busy);
            case "epoll" -> epoll(busy);
            case "io_uring" -> ioUring();
            default -> throw new IllegalArgumentException("Unknown transport: " + name);
        };
    }

    private static NettyTransport nio(boolean busy) {
        SelectStrategyFactory spin = () -> (supplier, hasTasks) -> supplier.get();
        IoHandlerFactory handlers =
                busy ? NioIoHandler.newFactory(SelectorProvider.provider(), spin) : NioIoHandler.newFactory();
        return new NettyTransport(handlers, NioServerSocketChannel.class, NioSocketChannel.class);
    }

    private static NettyTransport epoll(boolean busy) {
        SelectStrategyFactory spin = () -> (supplier, hasTasks) -> SelectStrategy.BUSY_WAIT;
        IoHandlerFactory handlers = busy ? EpollIoHandler.newFactory(0, spin) : EpollIoHandler.newFactory();
        return new NettyTransport(handlers, EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    private static NettyTransport ioUring() {
        return new NettyTransport(
                IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class, IoUringSocketChannel.class);
    }
}
