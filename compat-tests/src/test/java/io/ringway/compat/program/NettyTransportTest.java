package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.ringway.compat.support.Await;
import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Netty asks of a transport beyond echo. */
class NettyTransportTest {
    private Netty netty;

    @BeforeEach
    void start() {
        netty = new Netty();
    }

    @AfterEach
    void stop() {
        netty.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000, 20_000_000})
    void aFileRegionIsTransferred(int size, @TempDir Path directory) throws Exception {
        Path file = Files.write(
                directory.resolve("file"), new SeededBytes(1).next(size).array());
        Collector collector = new Collector(1);
        InetSocketAddress address = netty.serve(channel -> channel.pipeline().addLast(collector));
        Channel client = netty.connect(address, channel -> {});
        Netty.get(client.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, size)));
        collector.awaitBytes(size);
    }

    @Test
    void fileRegionsAndBuffersMix(@TempDir Path directory) throws Exception {
        byte[] all = new SeededBytes(2).next(300_000).array();
        Path file = Files.write(directory.resolve("file"), all);
        Collector collector = new Collector(2);
        InetSocketAddress address = netty.serve(channel -> channel.pipeline().addLast(collector));
        Channel client = netty.connect(address, channel -> {});
        for (int at = 0; at < all.length; at += 20_000) {
            client.write(new DefaultFileRegion(file.toFile(), at, 10_000));
            client.write(Unpooled.wrappedBuffer(all, at + 10_000, 10_000));
        }
        client.flush();
        collector.awaitBytes(all.length);
    }

    /** Records the events of a pipeline by name. */
    private static final class Events extends ChannelInboundHandlerAdapter {
        final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            seen.add(
                    event instanceof IdleStateEvent idle
                            ? idle.state().name()
                            : event.getClass().getSimpleName());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            seen.add("inactive");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            seen.add(cause.getClass().getSimpleName());
        }
    }

    @Test
    void withHalfClosureAllowedTheOtherDirectionStaysOpen() throws Exception {
        Events events = new Events();
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        InetSocketAddress address = netty.bind(netty.server(channel -> {
                    channel.pipeline().addLast(events);
                    accepted.complete(channel);
                })
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
        Collector collector = new Collector(3);
        Channel client = netty.connect(address, channel -> channel.pipeline().addLast(collector));
        Netty.get(((DuplexChannel) client).shutdownOutput());
        Await.until(
                "the server sees the half-closure",
                () -> events.seen.contains(ChannelInputShutdownEvent.class.getSimpleName()));
        Channel server = accepted.get(10, TimeUnit.SECONDS);
        assertTrue(server.isActive());
        Netty.get(server.writeAndFlush(Unpooled.wrappedBuffer(new SeededBytes(3).next(2_000_000))));
        collector.awaitBytes(2_000_000);
        Netty.get(server.close());
        collector.awaitClose();
    }

    @Test
    void withoutHalfClosureTheServerCloses() throws Exception {
        Events events = new Events();
        InetSocketAddress address = netty.serve(channel -> channel.pipeline().addLast(events));
        Channel client = netty.connect(address, channel -> {});
        Netty.get(((DuplexChannel) client).shutdownOutput());
        Netty.get(client.closeFuture());
        Await.until("the server is inactive", () -> events.seen.contains("inactive"));
    }

    @Test
    void aRefusedConnectFailsTheFuture() throws Exception {
        ChannelFuture future = netty.client(channel -> {}).connect(Loopback.refusing());
        assertTrue(future.await(10_000));
        ConnectException e = assertInstanceOf(ConnectException.class, future.cause());
        assertTrue(e.getMessage().startsWith("Connection refused"), e::getMessage);
        Netty.get(future.channel().closeFuture());
    }

    @Test
    void aConnectToAFullListenerTimesOut() throws Exception {
        try (FullListener listener = FullListener.open()) {
            ChannelFuture future = netty.client(channel -> {})
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 200)
                    .connect(listener.address());
            assertTrue(future.await(10_000));
            assertInstanceOf(ConnectTimeoutException.class, future.cause());
            Netty.get(future.channel().closeFuture());
        }
    }

    @Test
    void aCancelledConnectClosesTheChannel() throws Exception {
        try (FullListener listener = FullListener.open()) {
            ChannelFuture future = netty.client(channel -> {}).connect(listener.address());
            assertTrue(future.cancel(false));
            Netty.get(future.channel().closeFuture());
        }
    }

    @Test
    void aServerThatDoesNotReadMakesItsClientUnwritable() throws Exception {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        Collector collector = new Collector(4);
        InetSocketAddress address = netty.bind(netty.server(channel -> {
                    channel.pipeline().addLast(collector);
                    accepted.complete(channel);
                })
                .childOption(ChannelOption.AUTO_READ, false));
        Channel client = netty.connect(address, channel -> {});
        Channel server = accepted.get(10, TimeUnit.SECONDS);
        SeededBytes sent = new SeededBytes(4);
        Await.until("the client can write no more", () -> {
            for (int i = 0; i < 10; i++) {
                client.writeAndFlush(Unpooled.wrappedBuffer(sent.next(64 * 1024)), client.voidPromise());
            }
            flushed(client);
            return !client.isWritable();
        });
        assertEquals(0, collector.received());
        server.read();
        Await.until("one read arrives", () -> collector.received() > 0);
        server.config().setAutoRead(true);
        collector.awaitBytes(sent.position());
        Await.until("the client is writable again", client::isWritable);
    }

    /** Waits until the event loop has done what was submitted before. */
    private static void flushed(Channel channel) throws InterruptedException {
        Netty.get(channel.eventLoop().submit(() -> {}));
    }

    @Test
    void anIdleConnectionFiresIdleEventsUntilDataComes() throws Exception {
        Events events = new Events();
        InetSocketAddress address = netty.serve(
                channel -> channel.pipeline().addLast(new IdleStateHandler(50, 0, 0, TimeUnit.MILLISECONDS), events));
        Channel client = netty.connect(address, channel -> {});
        Await.until(
                "three idle events",
                () -> events.seen.stream()
                                .filter(IdleState.READER_IDLE.name()::equals)
                                .count()
                        >= 3);
        assertTrue(client.isActive());
        Netty.get(client.close());
        Await.until("the server is inactive", () -> events.seen.contains("inactive"));
    }

    @Test
    void aResetBecomesAnException() throws Exception {
        Events events = new Events();
        InetSocketAddress address = netty.serve(channel -> channel.pipeline().addLast(events));
        try (SocketChannel client = SocketChannel.open(address)) {
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        Await.until("the server is inactive", () -> events.seen.contains("inactive"));
        assertTrue(events.seen.contains("SocketException"), events.seen::toString);
    }

    @Test
    void writesToAClosedPeerFailTheirFutures() throws Exception {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        InetSocketAddress address = netty.serve(accepted::complete);
        try (SocketChannel client = SocketChannel.open(address)) {
            Io.write(client, "x");
            Channel server = accepted.get(10, TimeUnit.SECONDS);
            client.close();
            Throwable[] cause = {null};
            Await.until("a write fails", () -> {
                ChannelFuture write = server.writeAndFlush(Unpooled.wrappedBuffer(ByteBuffer.allocate(1000)));
                write.await(10_000);
                cause[0] = write.cause();
                return !write.isSuccess();
            });
            assertInstanceOf(IOException.class, cause[0]);
            Netty.get(server.closeFuture());
        }
    }

    @Test
    void aChannelDeregisteredAndRegisteredAgainWorksOn() throws Exception {
        Collector collector = new Collector(5);
        InetSocketAddress address = netty.serve(channel -> channel.pipeline().addLast(new EchoHandler()));
        Channel client = netty.connect(address, channel -> channel.pipeline().addLast(collector));
        SeededBytes sent = new SeededBytes(5);
        for (int i = 0; i < 10; i++) {
            Netty.get(client.deregister());
            Netty.get(client.eventLoop().register(client));
            Netty.get(client.writeAndFlush(Unpooled.wrappedBuffer(sent.next(10_000))));
            collector.awaitBytes(sent.position());
        }
    }
}
