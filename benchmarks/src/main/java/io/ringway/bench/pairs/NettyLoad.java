package io.ringway.bench.pairs;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A Netty client: some connections on some event loops, each event loop with a meter of its own. */
@SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught or the end of the connection
abstract class NettyLoad implements Load {
    private static final int FINISH_SECONDS = 20;

    protected final int size;
    private final InetSocketAddress server;
    private final NettyTransport transport;
    private final int connections;
    private final EventLoopGroup loops;
    private final CountDownLatch ended;
    private final Failures failures = new Failures();
    private final Map<EventExecutor, Meter> meters = new ConcurrentHashMap<>();
    private final List<Channel> channels = new ArrayList<>();

    NettyLoad(Options options, int defaultSize) {
        size = options.integer("size", defaultSize);
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), options.integer("address", 0));
        transport = NettyTransport.of(options);
        connections = options.integer("connections", 1);
        loops = new MultiThreadIoEventLoopGroup(options.integer("threads", 1), transport.handlers());
        ended = new CountDownLatch(connections);
    }

    /** What one connection does. */
    protected abstract static class Connection extends ChannelInboundHandlerAdapter {
        private final NettyLoad load;
        private final Phases phases;
        private boolean ended;

        Connection(NettyLoad load, Phases phases) {
            this.load = load;
            this.phases = phases;
        }

        /** The meter of the calling event loop. */
        protected final Meter meter(ChannelHandlerContext context) {
            return load.meters.computeIfAbsent(context.executor(), key -> new Meter(phases));
        }

        /** This connection has nothing under way any more. */
        protected final void end() {
            if (!ended) {
                ended = true;
                load.ended.countDown();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            load.failures.add(cause);
            phases.finishEarly();
            end();
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!ended) {
                exceptionCaught(context, new IllegalStateException("Server closed the connection"));
            }
        }
    }

    protected abstract Connection connection(Phases phases);

    @Override
    public void start(Phases phases) throws Exception {
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(connection(phases));
                    }
                });
        for (int i = 0; i < connections; i++) {
            channels.add(bootstrap.connect(server).sync().channel());
        }
    }

    @Override
    public void finish() throws Exception {
        boolean done = ended.await(FINISH_SECONDS, TimeUnit.SECONDS);
        failures.rethrow();
        if (!done) {
            throw new IllegalStateException("Still waiting for the server " + FINISH_SECONDS + " s after the end");
        }
    }

    @Override
    public void report(Result result) {
        Histogram all = new Histogram(3);
        all.setAutoResize(true);
        long messages = 0;
        long bytes = 0;
        for (Meter meter : meters.values()) {
            all.add(meter.histogram());
            messages += meter.messages();
            bytes += meter.bytes();
        }
        result.put("size", size).put("connections", connections).put("messages", messages);
        if (bytes > 0) {
            result.put("bytes", bytes);
        } else {
            result.put("", all);
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Channel channel : channels) {
            channel.close().sync();
        }
        loops.shutdownGracefully();
    }
}
