package io.ringway.bench.pairs;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** A Netty server: one boss event loop, one or more workers. */
@SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught or the end of the connection
final class NettyServer implements PairServer {
    private static final int BACKLOG = 4096;

    private final EventLoopGroup boss;
    private final EventLoopGroup workers;
    private final Channel listener;
    private final LongAdder reads = new LongAdder();
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch gone = new CountDownLatch(1);

    private NettyServer(Options options, boolean halfClosure, Supplier<ChannelHandler> handlers)
            throws InterruptedException {
        NettyTransport transport = NettyTransport.of(options);
        boss = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        workers = new MultiThreadIoEventLoopGroup(options.integer("workers", 1), transport.handlers());
        listener = new ServerBootstrap()
                .group(boss, workers)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Lifetime(), handlers.get());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    static NettyServer echo(Options options) throws InterruptedException {
        return new NettyServer(options, false, Echo::new);
    }

    static NettyServer sink(Options options) throws InterruptedException {
        return new NettyServer(options, true, Sink::new);
    }

    @Override
    public String address() {
        return Integer.toString(((InetSocketAddress) listener.localAddress()).getPort());
    }

    @Override
    public void serve() throws InterruptedException {
        gone.await();
    }

    @Override
    public long progress() {
        return reads.sum();
    }

    @Override
    public void report(Result result) {
        result.put("messages", reads.sum());
    }

    @Override
    public void close() throws InterruptedException {
        listener.close().sync();
        boss.shutdownGracefully();
        workers.shutdownGracefully();
    }

    /** Counts reads and open connections. */
    private final class Lifetime extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            open.incrementAndGet();
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            reads.increment();
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (open.decrementAndGet() == 0) {
                gone.countDown();
            }
            context.fireChannelInactive();
        }
    }

    /** Sends back what it reads. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** Reads and forgets; answers the end of the stream with the number of bytes read. */
    private static final class Sink extends ChannelInboundHandlerAdapter {
        private long bytes;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            bytes += buffer.readableBytes();
            buffer.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ByteBuf total = context.alloc().buffer(Long.BYTES).writeLong(bytes);
                context.writeAndFlush(total).addListener(done -> context.close());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
