package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.Readiness;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The peer's process dies, in every state: as the kernel would show it. */
@ParameterizedClass
@EnumSource(names = "LOSSLESS.*", mode = EnumSource.Mode.MATCH_ALL)
class PeerDeathTest extends Dialogue {
    PeerDeathTest(Setting setting) {
        super(setting);
    }

    private void die() {
        peer.port.die();
        run();
    }

    private void gone() {
        die();
        state(TcpState.CLOSED);
        assertEquals(0, stack.connections());
        assertEquals(Long.MAX_VALUE, deadline());
    }

    @Test
    void synSentDeath() {
        synSent();
        gone();
        failure(Failure.PEER_GONE);
        assertTrue(ready(Readiness.CONNECT));
    }

    @Test
    void synReceivedDeath() {
        synReceived();
        die();
        assertEquals(0, stack.connections());
        assertNull(listener.accept());
    }

    @Test
    void establishedAllRead() {
        established();
        die();
        assertTold();
        assertTrue(ready(Readiness.READ));
        assertNull(read());
        assertNull(read());
    }

    @Test
    void whatItHadPublishedIsRead() {
        established();
        peer.send(Seg.data(irs + 1, iss + 1, "last words"));
        die();
        ByteBuffer b = ByteBuffer.allocate(100);
        assertEquals(10, readInto(b));
        assertNull(read());
    }

    private int readInto(ByteBuffer b) {
        try {
            return c.read(b);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void establishedWithBytesOfOursUnread() {
        established();
        write("unread");
        gone();
        failure(Failure.RESET);
        assertTold();
        readThrows("Connection reset");
    }

    @Test
    void establishedWithBytesOfOursUnpublished() {
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        write("unsent");
        gone();
        failure(Failure.RESET);
    }

    /** The first byte goes into the void, as in the kernel; then the pipe is broken. */
    @Test
    void writingAfterTheDeath() {
        established();
        die();
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 3; i++) {
                c.write(ByteBuffer.allocate(10));
                run();
            }
        });
        state(TcpState.CLOSED);
        assertNull(read());
    }

    @Test
    void closeAfterTheDeath() {
        established();
        die();
        c.close();
        state(TcpState.CLOSED);
    }

    @Test
    void shutdownOutputAfterTheDeath() {
        established();
        die();
        c.shutdownOutput();
        run();
        assertNull(read());
        c.close();
        run();
        state(TcpState.CLOSED);
    }

    @Test
    void aGapThatNothingWillFillIsAReset() {
        established();
        send(Seg.data(irs + 100, iss + 1, "ahead"));
        gone();
        failure(Failure.RESET);
    }

    @Test
    void orphanDeath() {
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        write("never sent");
        c.close();
        gone();
    }

    @Test
    void finWait1Death() {
        finWait1();
        gone();
        assertTold();
        assertNull(read());
    }

    @Test
    void finWait2Death() {
        finWait2();
        gone();
        assertTold();
        assertNull(read());
    }

    @Test
    void closeWaitDeath() {
        closeWait();
        die();
        assertNull(read());
        c.close();
        run();
        state(TcpState.CLOSED);
    }

    @Test
    void closeWaitDeathWithBytesUnread() {
        closeWait();
        write("unread");
        gone();
        assertTold();
        assertNull(read());
        writeThrows("Broken pipe");
    }

    @Test
    void closingDeath() {
        closing();
        gone();
        assertNull(read());
    }

    @Test
    void lastAckDeath() {
        lastAck();
        gone();
        assertNull(read());
    }

    @Test
    void connectToADeadPeer() {
        peer.port.die();
        c = TcpConnection.connect(
                stack, port.routeTo(peer.queue), ourEnd(), peerEnd(), options, () -> told++, network.now());
        run();
        state(TcpState.CLOSED);
        failure(Failure.PEER_GONE);
        assertTold();
    }
}
