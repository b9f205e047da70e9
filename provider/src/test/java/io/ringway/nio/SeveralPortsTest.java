package io.ringway.nio;

import static io.ringway.nio.SeveralPorts.bytes;
import static io.ringway.nio.SeveralPorts.connect;
import static io.ringway.nio.SeveralPorts.datapath;
import static io.ringway.nio.SeveralPorts.echo;
import static io.ringway.nio.SeveralPorts.guest;
import static io.ringway.nio.SeveralPorts.listen;
import static io.ringway.nio.SeveralPorts.path;
import static io.ringway.nio.SeveralPorts.port;
import static io.ringway.nio.SeveralPorts.read;
import static io.ringway.nio.SeveralPorts.reason;
import static io.ringway.nio.SeveralPorts.records;
import static io.ringway.nio.SeveralPorts.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.PathReason;
import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.fabric.FabricDirectory;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process in two directories at once: two ports of one kind, which the channels don't know of. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SeveralPortsTest extends TwoDirectories {
    private static final int WAIT = 20_000;

    @Test
    void aServerIsReachedOverEachOfItsPorts() throws Exception {
        ChannelFactory hub = guest(a, b);
        ChannelFactory stranger = guest(temporary.resolve("c"));
        try (ServerSocketChannel server = listen(hub);
                SocketChannel ofA = connect(guest(a), server);
                SocketChannel first = server.accept();
                SocketChannel ofB = connect(guest(b), server);
                SocketChannel second = server.accept();
                SocketChannel outside = connect(stranger, server);
                SocketChannel third = server.accept()) {
            assertEquals(PathReason.FABRIC, reason(ofA));
            assertEquals(PathReason.FABRIC, reason(ofB));
            assertEquals(PathReason.PEER_NOT_ON_FABRIC, reason(outside));
            assertEquals(PathReason.ACCEPTED_FROM_KERNEL, reason(third));
            assertEquals("fabric", port(first));
            assertEquals("fabric-2", port(second));
            echo(ofA, first);
            echo(ofB, second);
            echo(outside, third);
            assertEquals(
                    List.of("fabric", "fabric-2"),
                    List.copyOf(datapath(server).portCounters().keySet()));
        }
    }

    /** Calls that have blocked for so long that their threads are parked. */
    @Test
    void blockedCallsHearAllPorts() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel server = listen(hub)) {
            for (Path each : List.of(b, a, b)) {
                FutureTask<SocketChannel> accept = new FutureTask<>(server::accept);
                Thread accepting = Thread.ofVirtual().start(accept);
                SeveralPorts.await("it is parked", () -> isParked(accepting));
                try (SocketChannel client = connect(guest(each), server);
                        SocketChannel accepted = accept.get(WAIT, TimeUnit.MILLISECONDS)) {
                    assertEquals(each.equals(a) ? "fabric" : "fabric-2", port(accepted));
                    Thread reader = Thread.currentThread();
                    Thread later = later(() -> isParked(reader), client);
                    assertEquals("over", read(accepted, 4));
                    later.join();
                }
            }
        }
    }

    /** As a proxy: it is a client of processes that don't see each other. */
    @Test
    void aClientFindsServersOnEachOfItsPorts() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel serverA = listen(guest(a));
                ServerSocketChannel serverB = listen(guest(b));
                SocketChannel toA = connect(hub, serverA);
                SocketChannel inA = serverA.accept();
                SocketChannel toB = connect(hub, serverB);
                SocketChannel inB = serverB.accept()) {
            assertEquals("fabric", port(toA));
            assertEquals("fabric-2", port(toB));
            echo(toA, inA);
            echo(toB, inB);
            try (SocketChannel between = connect(guest(a), serverB)) {
                assertEquals(PathReason.PEER_NOT_ON_FABRIC, reason(between));
            }
        }
    }

    @Test
    void aPeerThatIsOnBothIsMetOnTheFirst() throws Exception {
        try (ServerSocketChannel server = listen(guest(b, a));
                SocketChannel client = connect(guest(a, b), server);
                SocketChannel accepted = server.accept()) {
            assertEquals("fabric", port(client));
            assertEquals("fabric-2", port(accepted));
            echo(client, accepted);
        }
    }

    @Test
    void oneSelectorServesConnectionsOfBothPortsAndSleepsForBoth() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel server = listen(hub);
                AbstractSelector selector = hub.openSelector();
                SocketChannel ofA = connect(guest(a), server);
                SocketChannel ofB = connect(guest(b), server)) {
            SelectionKey one = register(server.accept(), selector);
            SelectionKey other = register(server.accept(), selector);
            Lane first = path((SocketChannel) one.channel()).lane();
            Lane second = path((SocketChannel) other.channel()).lane();
            assertNotSame(first, second);
            assertNotSame(first.port, second.port);
            assertTrue(first.ofSelector && second.ofSelector);
            BooleanSupplier asleep = ((RingwaySelector) selector)::isAsleep;
            for (int i = 0; i < 20; i++) {
                SocketChannel client = i % 2 == 0 ? ofA : ofB;
                Thread later = later(i < 10 ? () -> true : asleep, client);
                assertEquals(1, selector.select(WAIT), "round " + i);
                SelectionKey ready = selector.selectedKeys().iterator().next();
                assertSame(client == ofA ? one : other, ready);
                assertEquals(4, ((SocketChannel) ready.channel()).read(ByteBuffer.allocate(10)));
                selector.selectedKeys().clear();
                later.join();
            }
            assertEquals(2, ((RingwaySelector) selector).uniqueListCounters().entries);
            other.channel().close();
            ofB.close();
            SeveralPorts.await("the second queue is not polled any more", () -> {
                try {
                    selector.selectNow();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return ((RingwaySelector) selector).uniqueListCounters().entries == 1;
            });
            Thread later = later(asleep, ofA);
            assertEquals(1, selector.select(WAIT));
            later.join();
        }
    }

    private static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Writes when somebody waits as {@code ready} says. */
    private static Thread later(BooleanSupplier ready, SocketChannel client) {
        return Thread.ofPlatform().start(() -> {
            try {
                SeveralPorts.await("somebody waits", ready);
                client.write(bytes("over"));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static SelectionKey register(SocketChannel channel, AbstractSelector selector) throws Exception {
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_READ);
    }

    @Test
    void aConnectionMovesBetweenSelectorsOnItsOwnPort() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel server = listen(hub);
                SocketChannel client = connect(guest(b), server);
                SocketChannel accepted = server.accept();
                AbstractSelector one = hub.openSelector();
                AbstractSelector other = hub.openSelector()) {
            for (int i = 0; i < 6; i++) {
                AbstractSelector selector = i % 2 == 0 ? one : other;
                SelectionKey key = register(accepted, selector);
                client.write(bytes("over"));
                assertEquals(1, selector.select(WAIT));
                selector.selectedKeys().clear();
                assertEquals("fabric-2", port(accepted));
                assertTrue(path(accepted).lane().ofSelector);
                key.cancel();
                selector.selectNow();
                accepted.configureBlocking(true);
                assertEquals("over", read(accepted, 4));
                client.write(bytes("and"));
                assertEquals("and", read(accepted, 3));
                assertEquals("fabric-2", port(accepted));
            }
            register(accepted, one);
            register(accepted, other);
            client.write(bytes("all"));
            assertEquals(1, one.select(WAIT));
            assertEquals(1, other.select(WAIT));
            assertSame(path(accepted).common, path(accepted).lane());
        }
    }

    /** Another selector gets the queue, of the same port, that one has left. */
    @Test
    void queuesOfClosedSelectorsAreUsedAgainOnTheirPort() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel server = listen(hub);
                SocketChannel client = connect(guest(b), server);
                SocketChannel accepted = server.accept()) {
            for (int i = 0; i < 5; i++) {
                try (AbstractSelector selector = hub.openSelector()) {
                    register(accepted, selector);
                    client.write(bytes("over"));
                    assertEquals(1, selector.select(WAIT));
                    assertEquals(4, accepted.read(ByteBuffer.allocate(10)));
                }
            }
            long lanes = Arrays.stream(datapath(server).lanes())
                    .filter(lane -> lane.port.name().equals("fabric-2"))
                    .count();
            assertEquals(2, lanes, "the common one, and one of a selector");
        }
    }

    /** A connect is made from the selector's lane of the port that the route goes over. */
    @Test
    void aChannelConnectsFromTheSelectorsLaneOfItsPort() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel server = listen(guest(b));
                AbstractSelector selector = hub.openSelector();
                SocketChannel client = hub.openSocketChannel()) {
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT);
            if (!client.connect(server.getLocalAddress())) {
                assertEquals(1, selector.select(WAIT));
                assertTrue(client.finishConnect());
            }
            assertEquals("fabric-2", port(client));
            assertTrue(path(client).lane().ofSelector);
            key.interestOps(SelectionKey.OP_READ);
            try (SocketChannel accepted = server.accept()) {
                accepted.write(bytes("hello"));
                selector.selectedKeys().clear();
                assertEquals(1, selector.select(WAIT));
            }
        }
    }

    @Test
    void aClosedListenerIsNowhereToBeFound() throws Exception {
        ChannelFactory hub = guest(a, b);
        ServerSocketChannel server = listen(hub);
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        assertEquals(1, records(a, "l-"));
        assertEquals(1, records(b, "l-"));
        server.close();
        assertEquals(0, records(a, "l-"));
        assertEquals(0, records(b, "l-"));
        for (Path each : new Path[] {a, b}) {
            try (SocketChannel client = guest(each).openSocketChannel()) {
                assertThrows(ConnectException.class, () -> client.connect(address));
            }
        }
    }

    /** Clients that know nothing of each other chose the same port number. */
    @Test
    void twoConnectionsWithTheSameEndsAreNeverThereAtATime() throws Exception {
        try (ServerSocketChannel server = listen(guest(a, b))) {
            IpEndpoint remote = IpEndpoint.of((InetSocketAddress) server.getLocalAddress());
            TcpConnection first = start(guest(a), remote);
            SeveralPorts.await("the first stands", () -> (first.readiness() & SelectionKey.OP_CONNECT) != 0);
            assertEquals(Failure.NONE, first.failure());
            SocketChannel accepted = server.accept();
            assertEquals(first.local().toSocketAddress(), accepted.getRemoteAddress());
            ChannelFactory other = guest(b);
            TcpConnection second = start(other, remote);
            SeveralPorts.await("the second is refused", () -> second.failure() == Failure.REFUSED);
            accepted.close();
            first.close();
            SeveralPorts.await("the first is gone", () -> {
                TcpConnection third = start(other, remote);
                while ((third.readiness() & SelectionKey.OP_CONNECT) == 0 && third.failure() == Failure.NONE) {
                    Thread.onSpinWait();
                }
                return third.failure() == Failure.NONE;
            });
            assertNotNull(server.accept());
        }
    }

    @Test
    void memoryIsLentByTheFirstPortAndCopiedOnOthers() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel server = listen(hub);
                SocketChannel ofA = connect(guest(a), server);
                SocketChannel first = server.accept();
                SocketChannel ofB = connect(guest(b), server);
                SocketChannel second = server.accept()) {
            RegisteredBuffers buffers = RegisteredBuffers.of(server);
            assertEquals(
                    256L << 19, datapath(server).fabrics().getFirst().settings().memoryBytes());
            assertEquals(0, copied(server, buffers, first));
            assertEquals("x".repeat(10_000), read(ofA, 10_000));
            assertEquals(10_000, copied(server, buffers, second));
            assertEquals("x".repeat(10_000), read(ofB, 10_000));
            ofB.write(bytes("y".repeat(50_000)));
            int received = 0;
            while (received < 50_000) {
                try (RegisteredBuffer in = buffers.receive(second)) {
                    received += in.buffer().remaining();
                    assertEquals('y', in.buffer().get());
                }
            }
            assertEquals(50_000, received);
        }
    }

    /** Sends a buffer on loan; how much of it was copied. */
    private static long copied(ServerSocketChannel server, RegisteredBuffers buffers, SocketChannel to)
            throws Exception {
        long before = datapath(server).registeredMemory().copied();
        RegisteredBuffer out = buffers.allocate(10_000);
        out.buffer().put(bytes("x".repeat(10_000))).flip();
        buffers.write(to, out);
        return datapath(server).registeredMemory().copied() - before;
    }

    /** Who shares one directory with a process hears of the connections there, and of no others. */
    @Test
    void aListingTellsOfTheConnectionsOfItsOwnDirectory() throws Exception {
        try (ServerSocketChannel server = listen(guest(a, b));
                SocketChannel ofA = connect(guest(a), server);
                SocketChannel first = server.accept();
                SocketChannel ofB = connect(guest(b), server);
                SocketChannel second = server.accept()) {
            assertTrue(ofA.isConnected() && ofB.isConnected());
            String ends = " - " + first.getRemoteAddress();
            String otherEnds = " - " + second.getRemoteAddress();
            SeveralPorts.await("a answers", () -> listing(a).contains(ends));
            assertTrue(listing(a).contains("listen  fabric+kernel"));
            assertFalse(listing(a).contains(otherEnds));
            SeveralPorts.await("b answers", () -> listing(b).contains(otherEnds));
            assertTrue(listing(b).contains("connect fabric-2  "));
            assertFalse(listing(b).contains(ends));
            String all = StatusText.of(datapath(server));
            assertTrue(all.contains(ends) && all.contains(otherEnds), all);
        }
    }

    private static String listing(Path directory) {
        try {
            StringBuilder all = new StringBuilder();
            for (FabricDirectory.GuestStatus each : FabricDirectory.queryAll(directory, 1_000)) {
                all.append(each.status()).append('\n');
            }
            return all.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
