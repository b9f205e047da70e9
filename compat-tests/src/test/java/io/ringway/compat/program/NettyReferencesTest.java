package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.ringway.compat.support.Await;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TimeLimit;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Netty's large outbound buffers: they arrive unchanged and are released, on whichever provider; where the agent sends
 * them by reference, that is counted, and the memory comes back.
 */
@Tag("smoke")
@TimeLimit(60)
class NettyReferencesTest {
    private static final boolean BY_REFERENCE = Boolean.getBoolean("ringway.netty.references");
    private static final int LARGE = 1 << 16;

    private Leaks leaks;
    private Netty netty;
    private long referencesBefore;

    @BeforeEach
    void begin() {
        leaks = new Leaks();
        netty = new Netty();
        referencesBefore = BY_REFERENCE ? ManagementBean.counter("BytesByReferenceIn") : 0;
    }

    @AfterEach
    void everythingComesBack() throws Exception {
        netty.close();
        leaks.close();
        if (BY_REFERENCE) {
            Await.until("no memory is pinned", () -> ManagementBean.counter("RegisteredBytes") == 0);
        }
    }

    private void assertReferences(long least) {
        if (BY_REFERENCE) {
            long bytes = ManagementBean.counter("BytesByReferenceIn") - referencesBefore;
            assertTrue(bytes >= least, () -> bytes + " bytes by reference, not " + least);
        }
    }

    private static ByteBuf large(Channel channel, SeededBytes bytes, int size) {
        return channel.alloc().directBuffer(size).writeBytes(bytes.next(size));
    }

    private Channel connect(Collector server) throws Exception {
        InetSocketAddress address = netty.serve(channel -> channel.pipeline().addLast(server));
        Channel client = netty.connect(address, channel -> {});
        client.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1 << 20, 2 << 20));
        return client;
    }

    private static void sendFirst(Channel client, SeededBytes sent) throws Exception {
        // Nothing is lent before the first large write.
        Netty.get(client.writeAndFlush(large(client, sent, LARGE)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void buffersOfAllKindsArrive(long seed) throws Exception {
        Collector server = new Collector(seed);
        Channel client = connect(server);
        SeededBytes sent = new SeededBytes(seed);
        Random random = new Random(seed);
        sendFirst(client, sent);
        List<ByteBuf> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.addAll(writeSome(client, sent, random));
            if (random.nextInt(3) == 0) {
                Netty.get(client.writeAndFlush(Unpooled.EMPTY_BUFFER));
            }
        }
        client.flush();
        server.awaitBytes(sent.position());
        Netty.get(client.close());
        for (ByteBuf buffer : all) {
            assertEquals(0, buffer.refCnt(), () -> "seed " + seed + ": " + buffer);
        }
        assertReferences(sent.position() / 8);
    }

    private static List<ByteBuf> writeSome(Channel client, SeededBytes sent, Random random) {
        int size = (16 << 10) + random.nextInt((48 << 10) + 1);
        switch (random.nextInt(6)) {
            case 0 -> {
                return write(client, client.alloc().buffer().writeBytes(sent.next(1 + random.nextInt(300))));
            }
            case 1 -> {
                return write(client, Unpooled.wrappedBuffer(sent.next(size)));
            }
            case 2 -> {
                ByteBuf whole = large(client, sent, size);
                client.write(whole.retainedSlice(0, size / 2));
                client.write(whole.slice(size / 2, size - size / 2));
                return List.of(whole);
            }
            case 3 -> {
                ByteBuf first = large(client, sent, size);
                return write(client, Unpooled.wrappedBuffer(first, large(client, sent, LARGE)));
            }
            case 4 -> {
                ByteBuf grown = large(client, sent, size);
                return write(client, grown.writeBytes(sent.next(100_000)));
            }
            default -> {
                ByteBuf part = large(client, sent, size);
                return write(client, random.nextBoolean() ? part : part.duplicate());
            }
        }
    }

    private static List<ByteBuf> write(Channel client, ByteBuf buffer) {
        client.write(buffer);
        return List.of(buffer);
    }

    /** Who keeps a reference may change the bytes as soon as the write is done. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsKeptAndChangedArrivesAsItWas(boolean unreleasable) throws Exception {
        Collector server = new Collector(5);
        List<Channel> accepted = Collections.synchronizedList(new ArrayList<>());
        InetSocketAddress address = netty.bind(netty.server(channel -> {
                    accepted.add(channel);
                    channel.pipeline().addLast(server);
                })
                .childOption(ChannelOption.AUTO_READ, false));
        Channel client = netty.connect(address, channel -> {});
        SeededBytes sent = new SeededBytes(5);
        sendFirst(client, sent);
        ByteBuf kept = large(client, sent, LARGE);
        ByteBuf shared = Unpooled.unreleasableBuffer(kept);
        Netty.get(client.writeAndFlush(unreleasable ? shared : kept.retain()));
        for (int i = 0; i < 5; i++) {
            kept.clear().writeBytes(sent.next(LARGE));
            Netty.get(client.writeAndFlush(unreleasable ? shared.duplicate() : kept.retainedDuplicate()));
        }
        assertTrue(kept.release());
        Await.until("accepted", () -> !accepted.isEmpty());
        accepted.getFirst().config().setAutoRead(true);
        server.awaitBytes(sent.position());
        Netty.get(client.close());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pendingBuffersAreReleasedWhenTheConnectionEnds(boolean reset) throws Exception {
        List<Channel> accepted = Collections.synchronizedList(new ArrayList<>());
        InetSocketAddress address = netty.bind(netty.server(accepted::add).childOption(ChannelOption.AUTO_READ, false));
        Channel client = netty.connect(address, channel -> {});
        List<ByteBuf> all = new ArrayList<>();
        fill(client, all);
        Await.until("accepted", () -> !accepted.isEmpty());
        Netty.get((reset ? accepted.getFirst() : client).close());
        client.writeAndFlush(large(client, new SeededBytes(1), LARGE)).await();
        Netty.get(client.closeFuture());
        awaitReleased(all);
        Netty.get(accepted.getFirst().close());
        assertReferences(1 << 20);
    }

    /** Writes until nothing is taken any more, and much is left. */
    private static void fill(Channel client, List<ByteBuf> all) throws Exception {
        SeededBytes sent = new SeededBytes(1);
        sendFirst(client, sent);
        ChannelFuture last = client.newSucceededFuture();
        for (int i = 0; i < 400; i++) {
            ByteBuf buffer = large(client, sent, LARGE);
            all.add(buffer);
            last = client.writeAndFlush(buffer);
        }
        assertTrue(!last.isDone() && all.getLast().refCnt() == 1, "nothing is pending");
    }

    private static void awaitReleased(List<ByteBuf> all) throws Exception {
        Await.until("all buffers are released", () -> all.stream().allMatch(b -> b.refCnt() == 0));
    }

    @Test
    void pendingBuffersAreReleasedWhenThePeerIsKilled() throws Exception {
        try (ChildJvm child = ChildJvm.start(UnreadingServer.class)) {
            int port = (int) child.readNumber("port");
            Channel client = netty.connect(new InetSocketAddress("127.0.0.1", port), channel -> {});
            List<ByteBuf> all = new ArrayList<>();
            fill(client, all);
            child.expect("accepted true");
            child.kill();
            Netty.get(client.closeFuture());
            awaitReleased(all);
            assertReferences(1 << 20);
        }
    }

    @Test
    void beyondTheBoundBuffersAreCopied() throws Exception {
        Collector server = new Collector(8);
        Channel client = connect(server);
        SeededBytes sent = new SeededBytes(8);
        sendFirst(client, sent);
        long refused = BY_REFERENCE ? ManagementBean.counter("RegistrationRefusals") : 0;
        List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            held.add(client.alloc().directBuffer(LARGE));
        }
        if (BY_REFERENCE) {
            assertTrue(ManagementBean.counter("RegistrationRefusals") > refused);
            assertTrue(ManagementBean.counter("RegisteredBytes") <= ManagementBean.counter("RegisteredBytesBound"));
        }
        long references = BY_REFERENCE ? ManagementBean.counter("BytesByReferenceIn") : 0;
        for (int i = 0; i < 50; i++) {
            client.writeAndFlush(large(client, sent, LARGE));
        }
        server.awaitBytes(sent.position());
        assertEquals(references, BY_REFERENCE ? ManagementBean.counter("BytesByReferenceIn") : 0);
        held.forEach(ByteBuf::release);
        Netty.get(client.close());
    }
}
