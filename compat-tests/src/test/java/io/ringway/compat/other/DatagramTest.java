package io.ringway.compat.other;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatagramTest {
    private DatagramChannel first;
    private DatagramChannel second;

    @BeforeEach
    void open() throws IOException {
        first = DatagramChannel.open().bind(Loopback.anyPort());
        second = DatagramChannel.open().bind(Loopback.anyPort());
    }

    @AfterEach
    void close() throws IOException {
        first.close();
        second.close();
    }

    @Test
    void aDatagramIsSentAndReceivedWithItsSender() throws Exception {
        assertEquals(5, first.send(Io.bytes("hello"), second.getLocalAddress()));
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertEquals(first.getLocalAddress(), second.receive(buffer));
        assertEquals("hello", UTF_8.decode(buffer.flip()).toString());
    }

    @Test
    void aNonBlockingReceiveReturnsNullWithoutADatagram() throws Exception {
        second.configureBlocking(false);
        assertNull(second.receive(ByteBuffer.allocate(10)));
    }

    @Test
    void aLongDatagramIsCutToTheBuffer() throws Exception {
        first.send(Io.bytes("0123456789"), second.getLocalAddress());
        ByteBuffer buffer = ByteBuffer.allocate(4);
        second.receive(buffer);
        assertEquals("0123", UTF_8.decode(buffer.flip()).toString());
        second.configureBlocking(false);
        assertNull(second.receive(buffer.clear()));
    }

    @Test
    void connectedChannelsReadAndWrite() throws Exception {
        assertFalse(first.isConnected());
        assertNull(first.getRemoteAddress());
        assertThrows(NotYetConnectedException.class, () -> first.write(Io.bytes("x")));
        assertThrows(NotYetConnectedException.class, () -> first.read(ByteBuffer.allocate(1)));
        assertSame(first, first.connect(second.getLocalAddress()));
        second.connect(first.getLocalAddress());
        assertTrue(first.isConnected());
        assertEquals(second.getLocalAddress(), first.getRemoteAddress());
        assertEquals(2, first.write(new ByteBuffer[] {Io.bytes("a"), Io.bytes("b")}));
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocate(5)};
        assertEquals(2, second.read(in));
        assertThrows(AlreadyConnectedException.class, () -> first.connect(second.getLocalAddress()));
        SocketAddress elsewhere = Loopback.refusing();
        assertThrows(AlreadyConnectedException.class, () -> first.send(Io.bytes("x"), elsewhere));
        first.disconnect();
        assertFalse(first.isConnected());
        assertTrue(first.isOpen());
    }

    @Test
    void aDatagramToNobodyIsReportedToAConnectedSender() throws Exception {
        SocketAddress nobody;
        try (DatagramChannel gone = DatagramChannel.open().bind(Loopback.anyPort())) {
            nobody = gone.getLocalAddress();
        }
        first.connect(nobody);
        first.write(Io.bytes("x"));
        assertThrows(PortUnreachableException.class, () -> first.read(ByteBuffer.allocate(1)));
    }

    @Test
    void aSelectorShowsADatagramAndTheKeysChannelIsTheSameObject() throws Exception {
        second.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey key = second.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            assertSame(second, key.channel());
            assertSame(key, second.keyFor(selector));
            assertEquals(1, selector.select());
            assertEquals(SelectionKey.OP_WRITE, key.readyOps());
            key.interestOps(SelectionKey.OP_READ);
            selector.selectedKeys().clear();
            first.send(Io.bytes("x"), second.getLocalAddress());
            assertEquals(1, selector.select(10_000));
            assertTrue(key.isReadable());
            assertNotNull(second.receive(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aMembershipKnowsTheChannelThatJoined() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(Loopback.IPV4.connectAddress());
        InetAddress group = InetAddress.getByName("239.255.77.77");
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(Loopback.anyPort());
            MembershipKey key = channel.join(group, loopback);
            assertSame(channel, key.channel());
            assertTrue(key.isValid());
            assertEquals(group, key.group());
            assertEquals(loopback, key.networkInterface());
            assertEquals(key, channel.join(group, loopback));
            key.drop();
            assertFalse(key.isValid());
        }
    }

    @Test
    void theAdaptorSendsReceivesAndKnowsItsChannel() throws Exception {
        assertSame(first, first.socket().getChannel());
        assertSame(first.socket(), first.socket());
        byte[] data = "adaptor".getBytes(UTF_8);
        first.socket().send(new DatagramPacket(data, data.length, second.getLocalAddress()));
        DatagramPacket packet = new DatagramPacket(new byte[20], 20);
        second.socket().setSoTimeout(10_000);
        second.socket().receive(packet);
        assertEquals(first.getLocalAddress(), packet.getSocketAddress());
        assertEquals("adaptor", new String(packet.getData(), 0, packet.getLength(), UTF_8));
    }

    @Test
    void closeAndInterruptEndABlockedReceive() throws Exception {
        try (Background<SocketAddress> receive = Background.start(() -> first.receive(ByteBuffer.allocate(1)))) {
            receive.awaitInside("receive");
            first.close();
            receive.failure(AsynchronousCloseException.class);
        }
        try (Background<SocketAddress> receive =
                Background.startVirtual(() -> second.receive(ByteBuffer.allocate(1)))) {
            receive.awaitInside("receive");
            receive.thread().interrupt();
            receive.failure(ClosedByInterruptException.class);
            assertFalse(second.isOpen());
        }
    }

    @Test
    void optionsAreSetAndReadBack() throws Exception {
        first.setOption(StandardSocketOptions.SO_RCVBUF, 100_000);
        assertEquals(100_000, first.getOption(StandardSocketOptions.SO_RCVBUF));
        first.setOption(StandardSocketOptions.SO_BROADCAST, true);
        assertEquals(true, first.getOption(StandardSocketOptions.SO_BROADCAST));
        assertTrue(first.supportedOptions().contains(StandardSocketOptions.IP_MULTICAST_TTL));
        first.close();
        assertThrows(ClosedChannelException.class, () -> first.getOption(StandardSocketOptions.SO_RCVBUF));
    }
}
