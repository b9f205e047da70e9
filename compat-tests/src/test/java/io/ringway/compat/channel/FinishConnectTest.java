package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FinishConnectTest {
    @ParameterizedTest
    @EnumSource
    void aNonBlockingConnectIsFinishedByPolling(Loopback loopback) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback.bindAddress());
                SocketChannel client = nonBlocking()) {
            if (!client.connect(loopback.connectAddress(listener))) {
                assertTrue(client.isConnectionPending());
                assertFalse(client.isConnected());
                Await.until("connected", client::finishConnect);
            }
            assertTrue(client.isConnected());
            assertFalse(client.isConnectionPending());
            assertTrue(client.finishConnect());
            try (SocketChannel server = listener.accept()) {
                assertNotNull(server);
                Io.pingPong(new TcpPair(client, server));
            }
        }
    }

    @Test
    void aBlockingFinishConnectWaitsForAConnectionBegunWithoutBlocking() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = nonBlocking()) {
            client.connect(listener.getLocalAddress());
            client.configureBlocking(true);
            assertTrue(client.finishConnect());
            assertTrue(client.isConnected());
        }
    }

    @Test
    void aRefusedNonBlockingConnectFailsInFinishConnectAndClosesTheChannel() throws Exception {
        InetSocketAddress nobody = Loopback.refusing();
        try (SocketChannel client = nonBlocking()) {
            ConnectException e = assertThrows(ConnectException.class, () -> {
                client.connect(nobody);
                Await.until("refused", client::finishConnect);
            });
            assertEquals("Connection refused", e.getMessage());
            assertFalse(client.isOpen());
            assertFalse(client.isConnectionPending());
            assertThrows(ClosedChannelException.class, client::finishConnect);
        }
    }

    @Test
    void withoutAConnectionPendingFinishConnectThrows() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            assertThrows(NoConnectionPendingException.class, channel::finishConnect);
            assertTrue(channel.isOpen());
            channel.configureBlocking(false);
            assertThrows(NoConnectionPendingException.class, channel::finishConnect);
            channel.bind(Loopback.anyPort());
            assertThrows(NoConnectionPendingException.class, channel::finishConnect);
        }
    }

    @Test
    void anAcceptedChannelIsFinishedAlready() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            assertTrue(pair.server().finishConnect());
            pair.server().configureBlocking(false);
            assertTrue(pair.server().finishConnect());
        }
    }

    @Test
    void aClosedChannelRefusesToFinish() throws Exception {
        SocketChannel channel = SocketChannel.open();
        channel.close();
        assertThrows(ClosedChannelException.class, channel::finishConnect);
    }

    @Test
    void whileTheListenersBacklogIsFullTheConnectionIsPending() throws Exception {
        try (FullListener listener = FullListener.open();
                SocketChannel client = nonBlocking()) {
            assertFalse(client.connect(listener.address()));
            assertTrue(client.isConnectionPending());
            assertFalse(client.isConnected());
            assertFalse(client.finishConnect());
            assertThrows(ConnectionPendingException.class, () -> client.connect(listener.address()));
            assertThrows(ConnectionPendingException.class, () -> client.bind(Loopback.anyPort()));
            assertThrows(NotYetConnectedException.class, () -> client.read(ByteBuffer.allocate(1)));
            assertThrows(NotYetConnectedException.class, () -> client.write(ByteBuffer.allocate(1)));
            assertThrows(NotYetConnectedException.class, client::shutdownInput);
            assertThrows(NotYetConnectedException.class, client::shutdownOutput);
            assertNull(client.getLocalAddress());
            assertEquals(listener.address(), client.getRemoteAddress());
            assertTrue(client.isConnectionPending());
            assertTrue(client.isOpen());
        }
    }

    @Test
    void aPendingConnectionIsClosedAtOnce() throws Exception {
        try (FullListener listener = FullListener.open()) {
            SocketChannel client = nonBlocking();
            client.connect(listener.address());
            client.close();
            assertFalse(client.isOpen());
            assertFalse(client.isConnected());
            assertThrows(ClosedChannelException.class, client::finishConnect);
        }
    }

    @Test
    void aBlockingConnectToAFullListenerEndsWhenTheListenerAccepts() throws Exception {
        try (FullListener listener = FullListener.open();
                SocketChannel client = SocketChannel.open();
                Background<Boolean> connect = Background.start(() -> client.connect(listener.address()))) {
            connect.awaitInside("connect");
            listener.acceptAll();
            assertTrue(connect.result());
            assertTrue(client.isConnected());
        }
    }

    private static SocketChannel nonBlocking() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        return channel;
    }
}
