package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** A selection that is woken before it begins still reports what is ready. */
class WokenSelectTest {
    @Test
    void aWokenSelectSeesADatagramAndAPipe() throws Exception {
        try (Selector selector = Selector.open();
                DatagramChannel channel = DatagramChannel.open().bind(Loopback.anyPort())) {
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            channel.send(Io.bytes("x"), channel.getLocalAddress());
            pipe.sink().write(Io.bytes("y"));
            seenThough(selector, 2);
            pipe.sink().close();
            pipe.source().close();
        }
    }

    @Test
    void aWokenSelectSeesAConnectionAndItsData() throws Exception {
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                TcpPair pair = TcpPair.open()) {
            listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            pair.server().configureBlocking(false).register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            Io.write(pair.client(), "x");
            try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
                assertTrue(client.isConnected());
                seenThough(selector, 2);
            }
        }
    }

    /** All become selected although every single select was woken before it began. */
    private static void seenThough(Selector selector, int ready) throws Exception {
        Await.until(ready + " keys are selected", () -> {
            selector.wakeup().select();
            return selector.selectedKeys().size() == ready;
        });
    }

    /** Always on an idle machine; a thread that loses its processor at the wrong moment may make it see nothing yet. */
    @Test
    void theFirstSelectNowAfterARegistrationSeesWhatCameBetween() throws Exception {
        int seen = 0;
        try (TcpPair pair = TcpPair.open()) {
            for (int i = 0; i < 50; i++) {
                try (Selector selector = Selector.open()) {
                    pair.server().configureBlocking(false);
                    SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ);
                    Io.write(pair.client(), "x");
                    seen += selector.selectNow();
                    Await.until("the key is readable", () -> selector.selectNow() == 1 || key.isReadable());
                    assertEquals(1, pair.server().read(ByteBuffer.allocate(2)));
                }
                pair.server().configureBlocking(true);
            }
        }
        assertTrue(seen >= 10, "seen at once: " + seen);
    }

    @Test
    void aConnectionOfADyingSelectorIsServedByTheNext() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Selector next = Selector.open()) {
            Selector first = Selector.open();
            pair.server().configureBlocking(false);
            SelectionKey old = pair.server().register(first, SelectionKey.OP_READ);
            first.selectNow();
            SelectionKey key = pair.server().register(next, SelectionKey.OP_READ);
            first.close();
            assertEquals(false, old.isValid());
            Io.write(pair.client(), "x");
            assertEquals(1, next.select(10_000));
            assertTrue(key.isReadable());
        }
    }
}
