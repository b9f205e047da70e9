package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.ringway.compat.support.Await;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("smoke")
class NettyEchoTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 64, 1500, 65536, 1_000_000})
    void aMessageComesBack(int size) throws Exception {
        try (Netty netty = new Netty()) {
            InetSocketAddress address =
                    netty.serve(channel -> channel.pipeline().addLast(new EchoHandler()));
            Collector collector = new Collector(1);
            ManagementBean.assertAccelerated(() -> {
                Channel client =
                        netty.connect(address, channel -> channel.pipeline().addLast(collector));
                Netty.get(client.writeAndFlush(message(new SeededBytes(1), size)));
                collector.awaitBytes(size);
                Netty.get(client.close());
            });
        }
    }

    private static ByteBuf message(SeededBytes bytes, int size) {
        return Unpooled.wrappedBuffer(bytes.next(size));
    }

    @ParameterizedTest
    @CsvSource({"1, 10000", "64, 300"})
    void messagesOfVaryingSizeComeBackOnEveryConnection(int connections, int messages) throws Exception {
        try (Netty netty = new Netty()) {
            InetSocketAddress address =
                    netty.serve(channel -> channel.pipeline().addLast(new EchoHandler()));
            List<Channel> clients = new ArrayList<>();
            List<Collector> collectors = new ArrayList<>();
            List<SeededBytes> sent = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Collector collector = new Collector(i);
                collectors.add(collector);
                sent.add(new SeededBytes(i));
                clients.add(netty.connect(address, channel -> channel.pipeline().addLast(collector)));
            }
            Random random = new Random(5);
            for (int m = 0; m < messages; m++) {
                for (int i = 0; i < connections; i++) {
                    int size = 1 + random.nextInt(random.nextInt(20) == 0 ? 20_000 : 300);
                    clients.get(i)
                            .writeAndFlush(
                                    message(sent.get(i), size), clients.get(i).voidPromise());
                }
            }
            for (int i = 0; i < connections; i++) {
                collectors.get(i).awaitBytes(sent.get(i).position());
                Netty.get(clients.get(i).close());
            }
        }
    }

    @Test
    void pingPongTakesTurnsFiveThousandTimes() throws Exception {
        try (Netty netty = new Netty()) {
            InetSocketAddress address =
                    netty.serve(channel -> channel.pipeline().addLast(new EchoHandler()));
            SeededBytes sent = new SeededBytes(9);
            Collector collector = new Collector(9) {
                @Override
                protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
                    super.channelRead0(context, message);
                    if (received() % 64 == 0 && received() < 64 * 5000) {
                        context.writeAndFlush(message(sent, 64), context.voidPromise());
                    }
                }
            };
            Channel client = netty.connect(address, channel -> {
                channel.config().setTcpNoDelay(true);
                channel.pipeline().addLast(collector);
            });
            Netty.get(client.writeAndFlush(message(sent, 64)));
            collector.awaitBytes(64 * 5000);
        }
    }

    @Test
    void gatheringWritesOfMixedBuffersComeBackInOrder() throws Exception {
        try (Netty netty = new Netty()) {
            InetSocketAddress address =
                    netty.serve(channel -> channel.pipeline().addLast(new EchoHandler()));
            Collector collector = new Collector(3);
            Channel client =
                    netty.connect(address, channel -> channel.pipeline().addLast(collector));
            SeededBytes sent = new SeededBytes(3);
            for (int i = 0; i < 500; i++) {
                ByteBuf heap = message(sent, 100);
                ByteBuf direct = client.alloc().directBuffer().writeBytes(sent.next(200));
                ByteBuf composite = Unpooled.wrappedBuffer(message(sent, 50), message(sent, 70));
                client.write(heap);
                client.write(Unpooled.EMPTY_BUFFER);
                client.write(direct);
                client.write(composite);
            }
            client.flush();
            collector.awaitBytes(sent.position());
        }
    }

    @Test
    void theServersAddressesAndOptionsAreRight() throws Exception {
        try (Netty netty = new Netty()) {
            List<Channel> accepted = Collections.synchronizedList(new ArrayList<>());
            InetSocketAddress address = netty.bind(netty.server(accepted::add)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(ChannelOption.SO_RCVBUF, 100_000));
            Channel client = netty.connect(address, channel -> {});
            Await.until("accepted", () -> accepted.size() == 1);
            Channel server = accepted.getFirst();
            assertEquals(client.localAddress(), server.remoteAddress());
            assertEquals(client.remoteAddress(), server.localAddress());
            assertEquals(true, server.config().getOption(ChannelOption.TCP_NODELAY));
            assertEquals(true, server.config().getOption(ChannelOption.SO_KEEPALIVE));
            assertEquals(100_000, server.config().getOption(ChannelOption.SO_RCVBUF));
            assertTrue(client.isActive());
            Netty.get(client.close());
            Netty.get(server.closeFuture());
        }
    }
}
