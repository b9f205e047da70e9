package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9293, section 3.10.7.4, in FIN-WAIT-1 and FIN-WAIT-2. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class FinWaitTest extends Dialogue {
    FinWaitTest(Setting setting) {
        super(setting);
    }

    // ---- FIN-WAIT-1 ----

    @Test
    void theFinFollowsTheData() {
        established();
        write("last");
        c.shutdownOutput();
        expect(Seg.data(iss + 1, irs + 1, "last"), Seg.fin(iss + 5, irs + 1));
        state(TcpState.FIN_WAIT_1);
        assertFalse(c.outputFlushed());
    }

    @Test
    void oneFinOnly() {
        finWait1();
        c.shutdownOutput();
        expectNothing();
    }

    @Test
    void ackOfTheFin() {
        finWait2();
        assertTrue(c.outputFlushed());
    }

    @Test
    void ackOfTheDataOnly() {
        established();
        write("last");
        c.shutdownOutput();
        run();
        send(Seg.ack(irs + 1, iss + 5));
        state(TcpState.FIN_WAIT_1);
        send(Seg.ack(irs + 1, iss + 6));
        state(TcpState.FIN_WAIT_2);
    }

    @Test
    void finWithItsAck() {
        finWait1();
        send(Seg.fin(irs + 1, iss + 2));
        expect(Seg.ack(iss + 2, irs + 2));
        state(lossless ? TcpState.CLOSED : TcpState.TIME_WAIT);
        assertNull(read());
    }

    @Test
    void finWithoutItsAck() {
        closing();
        assertNull(read());
    }

    @Test
    void finWait1_resetElsewhereIsChallenged() {
        finWait1();
        send(Seg.rst(irs + 2));
        expect(Seg.ack(iss + 2, irs + 1));
        state(TcpState.FIN_WAIT_1);
    }

    @Test
    void finWait1_reset() {
        finWait1();
        send(Seg.rst(irs + 1));
        expectNothing();
        state(TcpState.CLOSED);
        failure(Failure.RESET);
        readThrows("Connection reset");
    }

    @Test
    void finWait1_syn() {
        finWait1();
        send(Seg.syn(irs + 1));
        expect(Seg.ack(iss + 2, irs + 1));
        state(TcpState.FIN_WAIT_1);
    }

    @Test
    void finWait1_dataCanBeRead() {
        finWait1();
        send(Seg.data(irs + 1, iss + 1, "still here"));
        assertTold();
        assertEquals("still here", read());
        state(TcpState.FIN_WAIT_1);
    }

    @Test
    void finWait1_outsideTheWindow() {
        finWait1();
        send(Seg.data(irs - 100, iss + 1, "old"));
        expect(Seg.ack(iss + 2, irs + 1));
    }

    @Test
    void finWait1_ackOfWhatWasNotSent() {
        finWait1();
        send(Seg.ack(irs + 1, iss + 3));
        expect(Seg.ack(iss + 2, irs + 1));
        state(TcpState.FIN_WAIT_1);
    }

    @Test
    void finWait1_theFinIsSentAgain() {
        finWait1();
        pass(1100 * MS);
        if (lossless) {
            expectNothing();
        } else {
            expect(Seg.fin(iss + 1, irs + 1));
            send(Seg.ack(irs + 1, iss + 2));
            state(TcpState.FIN_WAIT_2);
        }
    }

    @Test
    void finWait1_close() {
        finWait1();
        c.close();
        expectNothing();
        send(Seg.ack(irs + 1, iss + 2));
        state(TcpState.FIN_WAIT_2);
    }

    @Test
    void finWait1_abort() {
        finWait1();
        c.abort();
        expect(Seg.rstAck(iss + 2, irs + 1));
        state(TcpState.CLOSED);
    }

    // ---- FIN-WAIT-2 ----

    @Test
    void finWait2_fin() {
        timeWait();
        assertTold();
        assertNull(read());
    }

    @Test
    void finWait2_dataThenFin() {
        finWait2();
        send(Seg.data(irs + 1, iss + 2, "answer"));
        assertEquals("answer", read());
        peer.received.clear();
        send(Seg.fin(irs + 7, iss + 2));
        expect(Seg.ack(iss + 2, irs + 8));
        assertNull(read());
    }

    @Test
    void finWait2_reset() {
        finWait2();
        send(Seg.rst(irs + 1));
        state(TcpState.CLOSED);
        failure(Failure.RESET);
        assertTold();
    }

    @Test
    void finWait2_resetElsewhereIsChallenged() {
        finWait2();
        send(Seg.rst(irs + 3));
        expect(Seg.ack(iss + 2, irs + 1));
        state(TcpState.FIN_WAIT_2);
    }

    @Test
    void finWait2_syn() {
        finWait2();
        send(Seg.syn(irs + 1));
        expect(Seg.ack(iss + 2, irs + 1));
        state(TcpState.FIN_WAIT_2);
    }

    @Test
    void finWait2_staysWhileTheProgramHoldsTheChannel() {
        finWait2();
        pass(3600 * SECOND);
        expectNothing();
        state(TcpState.FIN_WAIT_2);
        assertTrue(ready(Readiness.CONNECT));
    }

    @Test
    void finWait2_anOrphanDoesNotWaitForEver() {
        finWait2();
        c.close();
        pass(59 * SECOND);
        state(TcpState.FIN_WAIT_2);
        pass(2 * SECOND);
        expectNothing();
        state(TcpState.CLOSED);
        send(Seg.data(irs + 1, iss + 2, "hello?"));
        expect(Seg.rst(iss + 2));
    }

    @Test
    void anOrphanInFinWait1WaitsFromTheAckOn() {
        established();
        c.close();
        expect(Seg.fin(iss + 1, irs + 1));
        send(Seg.ack(irs + 1, iss + 2));
        state(TcpState.FIN_WAIT_2);
        pass(61 * SECOND);
        state(TcpState.CLOSED);
    }

    @Test
    void finWait2_dataForAnOrphanAreAnsweredWithReset() {
        finWait2();
        c.close();
        send(Seg.data(irs + 1, iss + 2, "late"));
        expect(Seg.rstAck(iss + 2, irs + 1));
        state(TcpState.CLOSED);
    }

    @Test
    void finWait2_finForAnOrphan() {
        finWait2();
        c.close();
        send(Seg.fin(irs + 1, iss + 2));
        expect(Seg.ack(iss + 2, irs + 2));
        state(lossless ? TcpState.CLOSED : TcpState.TIME_WAIT);
    }

    @Test
    void finWait2_closeWithUnreadDataResets() {
        finWait2();
        send(Seg.data(irs + 1, iss + 2, "unread"));
        peer.received.clear();
        c.close();
        expect(Seg.rstAck(iss + 2, irs + 7));
        state(TcpState.CLOSED);
    }
}
