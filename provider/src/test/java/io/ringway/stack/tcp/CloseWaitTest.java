package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9293, section 3.10.7.4, in CLOSE-WAIT and LAST-ACK. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class CloseWaitTest extends Dialogue {
    CloseWaitTest(Setting setting) {
        super(setting);
    }

    // ---- CLOSE-WAIT ----

    @Test
    void writingGoesOn() {
        closeWait();
        write("more");
        expect(Seg.data(iss + 1, irs + 2, "more"));
        send(Seg.ack(irs + 2, iss + 5));
        assertEquals(iss + 5, c.send.una);
        state(TcpState.CLOSE_WAIT);
    }

    @Test
    void closeWait_textIsIgnored() {
        closeWait();
        send(Seg.data(irs + 2, iss + 1, "after the end"));
        expect(Seg.ack(iss + 1, irs + 2));
        assertNull(read());
        state(TcpState.CLOSE_WAIT);
    }

    /** As the kernel shows it: the end of the stream stays, writing fails. */
    @Test
    void closeWait_reset() {
        closeWait();
        send(Seg.rst(irs + 2));
        state(TcpState.CLOSED);
        failure(Failure.NONE);
        assertTold();
        assertNull(read());
        writeThrows("Broken pipe");
    }

    @Test
    void closeWait_resetElsewhereIsChallenged() {
        closeWait();
        send(Seg.rst(irs + 3));
        expect(Seg.ack(iss + 1, irs + 2));
        state(TcpState.CLOSE_WAIT);
    }

    @Test
    void closeWait_syn() {
        closeWait();
        send(Seg.syn(irs + 2));
        expect(Seg.ack(iss + 1, irs + 2));
        state(TcpState.CLOSE_WAIT);
    }

    @Test
    void closeWait_ackOfWhatWasNotSent() {
        closeWait();
        send(Seg.ack(irs + 2, iss + 9));
        expect(Seg.ack(iss + 1, irs + 2));
    }

    @Test
    void closeWait_close() {
        closeWait();
        c.close();
        expect(Seg.fin(iss + 1, irs + 2));
        state(TcpState.LAST_ACK);
    }

    @Test
    void closeWait_closeWithUnreadDataResets() {
        established();
        send(Seg.data(irs + 1, iss + 1, "unread"), Seg.fin(irs + 7, iss + 1));
        peer.received.clear();
        c.close();
        expect(Seg.rstAck(iss + 1, irs + 8));
        state(TcpState.CLOSED);
    }

    @Test
    void closeWait_abort() {
        closeWait();
        c.abort();
        expect(Seg.rstAck(iss + 1, irs + 2));
        state(TcpState.CLOSED);
    }

    // ---- LAST-ACK ----

    @Test
    void theLastAck() {
        lastAck();
        send(Seg.ack(irs + 2, iss + 2));
        expectNothing();
        state(TcpState.CLOSED);
        failure(Failure.NONE);
        assertEquals(0, stack.connections());
        assertNull(read());
    }

    @Test
    void lastAck_ackOfTheDataOnly() {
        closeWait();
        write("more");
        c.shutdownOutput();
        run();
        send(Seg.ack(irs + 2, iss + 5));
        state(TcpState.LAST_ACK);
        send(Seg.ack(irs + 2, iss + 6));
        state(TcpState.CLOSED);
    }

    @Test
    void lastAck_reset() {
        lastAck();
        send(Seg.rst(irs + 2));
        state(TcpState.CLOSED);
        assertNull(read());
    }

    @Test
    void lastAck_resetElsewhereIsChallenged() {
        lastAck();
        send(Seg.rst(irs + 4));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.LAST_ACK);
    }

    @Test
    void lastAck_syn() {
        lastAck();
        send(Seg.syn(irs + 2));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.LAST_ACK);
    }

    @Test
    void lastAck_textIsIgnored() {
        lastAck();
        send(Seg.data(irs + 2, iss + 1, "after the end"));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.LAST_ACK);
    }

    @Test
    void lastAck_finAgain() {
        lastAck();
        send(Seg.fin(irs + 1, iss + 1));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.LAST_ACK);
    }

    @Test
    void lastAck_theFinIsSentAgain() {
        lastAck();
        pass(1100 * MS);
        if (lossless) {
            expectNothing();
        } else {
            expect(Seg.fin(iss + 1, irs + 2));
            pass(3600 * SECOND);
            state(TcpState.CLOSED);
            failure(Failure.TIMED_OUT);
            assertTrue(peer.received.size() > 5);
        }
    }
}
