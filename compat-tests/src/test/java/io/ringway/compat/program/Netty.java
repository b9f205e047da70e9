package io.ringway.compat.program;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import io.ringway.compat.support.Await;
import io.ringway.compat.support.Loopback;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server with one boss and two workers, and clients with an event loop of their own, over Netty's NIO transport. */
final class Netty implements AutoCloseable {
    private final EventLoopGroup boss = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup workers = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** A bootstrap for clients whose channels the consumer sets up. */
    Bootstrap client(Consumer<SocketChannel> setUp) {
        return new Bootstrap().group(clients).channel(NioSocketChannel.class).handler(initializer(setUp));
    }

    /** A bootstrap for a server whose accepted channels the consumer sets up. */
    ServerBootstrap server(Consumer<SocketChannel> setUp) {
        return new ServerBootstrap()
                .group(boss, workers)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 256)
                .childHandler(initializer(setUp));
    }

    /** Starts a server on 127.0.0.1 and returns its address. */
    InetSocketAddress serve(Consumer<SocketChannel> setUp) throws InterruptedException {
        return bind(server(setUp));
    }

    /** Starts that server on 127.0.0.1 and returns its address. */
    InetSocketAddress bind(ServerBootstrap server) throws InterruptedException {
        return (InetSocketAddress) channel(server.bind(Loopback.anyPort())).localAddress();
    }

    Channel connect(SocketAddress address, Consumer<SocketChannel> setUp) throws InterruptedException {
        return channel(client(setUp).connect(address));
    }

    private static Channel channel(ChannelFuture future) throws InterruptedException {
        get(future);
        return future.channel();
    }

    /** Waits for the future and fails if it failed. */
    static void get(Future<?> future) throws InterruptedException {
        if (!future.await(Await.DEADLINE.toMillis())) {
            throw new AssertionError("not done in time: " + future);
        }
        if (!future.isSuccess()) {
            throw new AssertionError("failed: " + future.cause(), future.cause());
        }
    }

    private static ChannelInitializer<SocketChannel> initializer(Consumer<SocketChannel> setUp) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                setUp.accept(channel);
            }
        };
    }

    @Override
    public void close() {
        for (EventLoopGroup group : new EventLoopGroup[] {clients, workers, boss}) {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
        for (EventLoopGroup group : new EventLoopGroup[] {clients, workers, boss}) {
            if (!group.terminationFuture().awaitUninterruptibly(Await.DEADLINE.toMillis())) {
                throw new AssertionError("an event loop doesn't end");
            }
        }
    }
}
