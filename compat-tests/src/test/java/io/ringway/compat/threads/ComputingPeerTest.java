package io.ringway.compat.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.ProviderUnderTest;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a peer can do while the program at the other end computes outside of select, after some time without traffic:
 * the same as with the kernel, which does not wait for programs.
 */
class ComputingPeerTest {
    /** For so long, a thread that ticks would have ticked; milliseconds. */
    private static final long SILENCE = 150;

    private ChildJvm child;
    private InetSocketAddress address;
    private SocketChannel first;

    private void begin(Computing.Beginning beginning) throws Exception {
        child = ChildJvm.start(Computing.class, beginning);
        address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
        ManagementBean.assertPath(() -> first = SocketChannel.open(address));
        Io.write(first, "?");
    }

    /** Until nothing of the other process is awake but the program. */
    private void untilItComputes() throws Exception {
        child.expect("computing");
        if (ProviderUnderTest.current().accelerates()) {
            Await.until("the thread sleeps", () -> {
                long before = child.waits("ringway-interrupts");
                Thread.sleep(SILENCE);
                return child.waits("ringway-interrupts") == before;
            });
        }
    }

    private void expectInTheEnd(int connections, long bytes) throws Exception {
        child.endInput();
        assertEquals(connections, child.readNumber("accepted"));
        assertEquals(bytes, child.readNumber("received"));
    }

    @AfterEach
    void end() throws Exception {
        try (SocketChannel f = first;
                ChildJvm c = child) {
            // Both, where the test has got that far.
        }
    }

    @Test
    void connectsAndSends() throws Exception {
        begin(Computing.Beginning.ACCEPTED);
        untilItComputes();
        SocketChannel[] second = {null};
        ManagementBean.assertPath(() ->
                second[0] = Background.start(() -> SocketChannel.open(address)).result());
        Io.write(second[0], "hello");
        second[0].close();
        first.close();
        expectInTheEnd(2, 6);
    }

    @Test
    void sendsMuch() throws Exception {
        begin(Computing.Beginning.READ);
        untilItComputes();
        Background.run(() -> Io.write(first, ByteBuffer.allocate(2_000_000))).result();
        first.close();
        expectInTheEnd(1, 2_000_001);
    }

    @Test
    void readsWhatTheOtherEndHadNoRoomFor() throws Exception {
        begin(Computing.Beginning.WRITTEN);
        int written = (int) child.readNumber("written");
        untilItComputes();
        Background.run(() -> Io.fill(first, ByteBuffer.allocate(written))).result();
        first.close();
        expectInTheEnd(1, 1);
    }

    @Test
    void waitsUntilItsEndIsAcknowledged() throws Exception {
        begin(Computing.Beginning.READ);
        untilItComputes();
        first.setOption(StandardSocketOptions.SO_LINGER, 60);
        Io.write(first, "bye");
        Background.run(first::close).result();
        expectInTheEnd(1, 4);
    }

    @Test
    void withoutTrafficOnlyTheProgramIsAwake() throws Exception {
        assumeTrue(ProviderUnderTest.current().accelerates(), "there is no such thread");
        begin(Computing.Beginning.READ);
        untilItComputes();
        first.close();
        expectInTheEnd(1, 1);
    }
}
