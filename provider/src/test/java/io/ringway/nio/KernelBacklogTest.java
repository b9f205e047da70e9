package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.nio.ch.SelChImpl;

class KernelBacklogTest {
    @Test
    @Timeout(10)
    void itIsEmptyBeforeAConnectAndAfterItsAccept() throws Exception {
        try (ServerSocketChannel listener = KernelProvider.JDK.openServerSocketChannel()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            KernelBacklog backlog = new KernelBacklog(((SelChImpl) listener).getFDVal());
            assertTrue(backlog.isEmpty());
            try (SocketChannel client = KernelProvider.JDK.openSocketChannel()) {
                client.connect(listener.getLocalAddress());
                while (backlog.isEmpty()) {
                    Thread.onSpinWait();
                }
                try (SocketChannel accepted = listener.accept()) {
                    assertNotNull(accepted);
                    assertTrue(backlog.isEmpty());
                }
            }
        }
    }

    /** An accept tells what is wrong. */
    @Test
    void aNumberThatIsNotOpenIsNotEmpty() throws Exception {
        assertFalse(new KernelBacklog(Integer.MAX_VALUE).isEmpty());
    }
}
