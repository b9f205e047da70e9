package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9293, section 3.10.7.4, in CLOSING and TIME-WAIT. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class TimeWaitTest extends Dialogue {
    TimeWaitTest(Setting setting) {
        super(setting);
    }

    // ---- CLOSING ----

    @Test
    void closing_ackOfTheFin() {
        closing();
        send(Seg.ack(irs + 2, iss + 2));
        expectNothing();
        state(lossless ? TcpState.CLOSED : TcpState.TIME_WAIT);
        failure(Failure.NONE);
    }

    @Test
    void closing_otherAcks() {
        closing();
        send(Seg.ack(irs + 2, iss + 1));
        expectNothing();
        state(TcpState.CLOSING);
    }

    @Test
    void simultaneousClose() {
        finWait1();
        // The other FIN crossed ours; so do the acknowledgments.
        send(Seg.fin(irs + 1, iss + 1));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.CLOSING);
        send(Seg.ack(irs + 2, iss + 2));
        state(lossless ? TcpState.CLOSED : TcpState.TIME_WAIT);
        assertNull(read());
    }

    @Test
    void closing_reset() {
        closing();
        send(Seg.rst(irs + 2));
        state(TcpState.CLOSED);
        assertNull(read());
    }

    @Test
    void closing_resetElsewhereIsChallenged() {
        closing();
        send(Seg.rst(irs + 3));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.CLOSING);
    }

    @Test
    void closing_syn() {
        closing();
        send(Seg.syn(irs + 2));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.CLOSING);
    }

    @Test
    void closing_textIsIgnored() {
        closing();
        send(Seg.data(irs + 2, iss + 1, "after the end"));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.CLOSING);
    }

    @Test
    void closing_theFinIsSentAgain() {
        closing();
        pass(1100 * MS);
        if (lossless) {
            expectNothing();
        } else {
            expect(Seg.fin(iss + 1, irs + 2));
        }
    }

    // ---- TIME-WAIT: only where frames can be lost or late ----

    @Test
    void noTimeWaitWhereNothingCanBeLate() {
        timeWait();
        if (lossless) {
            assertEquals(0, stack.connections());
            assertEquals(Long.MAX_VALUE, deadline());
        }
    }

    private void inTimeWait() {
        assumeFalse(lossless);
        timeWait();
    }

    @Test
    void timeWait_ends() {
        inTimeWait();
        pass(59 * SECOND);
        state(TcpState.TIME_WAIT);
        pass(2 * SECOND);
        expectNothing();
        state(TcpState.CLOSED);
        failure(Failure.NONE);
        assertEquals(0, stack.connections());
    }

    @Test
    void timeWait_finAgainIsAcknowledgedAndStartsTheTimeAnew() {
        inTimeWait();
        pass(59 * SECOND);
        send(Seg.fin(irs + 1, iss + 2));
        expect(Seg.ack(iss + 2, irs + 2));
        pass(59 * SECOND);
        state(TcpState.TIME_WAIT);
        pass(2 * SECOND);
        state(TcpState.CLOSED);
    }

    @Test
    void timeWait_acksDoNotProlongIt() {
        inTimeWait();
        pass(30 * SECOND);
        send(Seg.ack(irs + 2, iss + 2));
        expectNothing();
        pass(31 * SECOND);
        state(TcpState.CLOSED);
    }

    @Test
    void timeWait_reset() {
        inTimeWait();
        send(Seg.rst(irs + 2));
        state(TcpState.CLOSED);
        assertNull(read());
    }

    @Test
    void timeWait_syn() {
        inTimeWait();
        send(Seg.syn(irs + 2));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.TIME_WAIT);
    }

    @Test
    void timeWait_textIsIgnored() {
        inTimeWait();
        send(Seg.data(irs + 2, iss + 2, "after the end"));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.TIME_WAIT);
    }

    @Test
    void timeWait_close() {
        inTimeWait();
        c.close();
        expectNothing();
        state(TcpState.TIME_WAIT);
        pass(61 * SECOND);
        state(TcpState.CLOSED);
    }
}
