package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 6298, keep-alives (RFC 9293, section 3.8.4) and the congestion window (RFC 5681). */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class RetransmissionTest extends Dialogue {
    RetransmissionTest(Setting setting) {
        super(setting);
    }

    @Test
    void whereNothingIsLostNothingIsSentAgain() {
        established();
        write("hello");
        expect(Seg.data(iss + 1, irs + 1, "hello"));
        if (lossless) {
            pass(36_000 * SECOND);
            expectNothing();
            state(TcpState.ESTABLISHED);
            assertEquals(Long.MAX_VALUE, deadline());
        }
    }

    private void lossyAndEstablished() {
        assumeFalse(lossless);
        established();
    }

    @Test
    void sentAgainUntilAcknowledged() {
        lossyAndEstablished();
        write("hello");
        Seg hello = Seg.data(iss + 1, irs + 1, "hello");
        expect(hello);
        pass(1001 * MS);
        expect(hello);
        pass(1999 * MS);
        expect(hello);
        pass(3000 * MS);
        expectNothing();
        pass(1000 * MS);
        expect(hello);
        send(Seg.ack(irs + 1, iss + 6));
        pass(200 * SECOND);
        expectNothing();
        assertEquals(3, stack.counters().retransmissions);
    }

    @Test
    void givesUp() {
        lossyAndEstablished();
        write("hello");
        pass(3600 * SECOND);
        state(TcpState.CLOSED);
        failure(Failure.TIMED_OUT);
        assertTold();
        assertEquals(16, peer.received.size());
        writeThrows("Broken pipe");
    }

    @Test
    void goesBackToTheOldest() {
        lossyAndEstablished();
        write(new byte[3000]);
        run();
        assertEquals(3, peer.received.size());
        peer.received.clear();
        pass(1100 * MS);
        // Slow start: one segment (RFC 5681, section 3.1).
        Seg again = next();
        assertEquals(iss + 1, again.seq());
        assertEquals(1000, again.length());
        send(Seg.ack(irs + 1, iss + 1001));
        run();
        assertEquals(2, peer.received.size(), peer.received::toString);
        assertEquals(iss + 1001, peer.received.getFirst().seq());
        peer.received.clear();
    }

    @Test
    void anAcknowledgmentOfWhatWasToBeSentAgain() {
        lossyAndEstablished();
        write(new byte[3000]);
        run();
        peer.received.clear();
        pass(1100 * MS);
        assertEquals(iss + 1, next().seq());
        send(Seg.ack(irs + 1, iss + 3001));
        expectNothing();
        assertTrue(c.send.queue.isEmpty());
        write("after");
        expect(Seg.data(iss + 3001, irs + 1, "after"));
    }

    @Test
    void anAcknowledgmentInTheMiddleOfASegmentSentAgain() {
        options.noDelay(true);
        lossyAndEstablished();
        write(new byte[2500]);
        run();
        peer.received.clear();
        pass(1100 * MS);
        peer.received.clear();
        send(Seg.ack(irs + 1, iss + 1 + 1700));
        send(Seg.ack(irs + 1, iss + 1 + 2500));
        run();
        peer.received.clear();
        assertTrue(c.send.queue.isEmpty());
        write("after");
        expect(Seg.data(iss + 2501, irs + 1, "after"));
    }

    @Test
    void theFinIsSentAgainBehindTheData() {
        lossyAndEstablished();
        write("last");
        c.shutdownOutput();
        expect(Seg.data(iss + 1, irs + 1, "last"), Seg.fin(iss + 5, irs + 1));
        pass(1100 * MS);
        expect(Seg.data(iss + 1, irs + 1, "last"), Seg.fin(iss + 5, irs + 1));
        send(Seg.ack(irs + 1, iss + 6));
        state(TcpState.FIN_WAIT_2);
    }

    /** Karn's algorithm: what was sent twice is not timed. */
    @Test
    void theTimeOfASegmentSentTwiceDoesNotCount() {
        lossyAndEstablished();
        write(new byte[2000]);
        run();
        pass(1100 * MS);
        peer.received.clear();
        // The first is acknowledged, the second goes out again.
        send(Seg.ack(irs + 1, iss + 1001));
        run();
        peer.received.clear();
        pass(300 * MS);
        send(Seg.ack(irs + 1, iss + 2001));
        write("x");
        expect(Seg.data(iss + 2001, irs + 1, "x"));
        // The time-out is still backed off (RFC 6298, section 5.5), no sample has replaced it.
        assertEquals(2 * SECOND, passUntilSegment(), 10.0 * MS);
        peer.received.clear();
    }

    @Test
    void theFirstFlightIsTenSegments() {
        lossyAndEstablished();
        write(new byte[30_000]);
        run();
        assertEquals(10, peer.received.size());
        peer.received.clear();
        send(Seg.ack(irs + 1, iss + 2001));
        run();
        // Two left the network, and the window grew by one.
        assertEquals(3, peer.received.size());
        peer.received.clear();
        leaky = true;
    }

    @Test
    void theCongestionWindowNeverOverflows() {
        NewReno reno = new NewReno(1440);
        for (int i = 0; i < 3_000_000; i++) {
            reno.acknowledged(2880);
            if (reno.window() <= 0) {
                throw new AssertionError("window " + reno.window());
            }
        }
        reno.timedOut(1 << 30);
        for (int i = 0; i < 3_000_000; i++) {
            reno.acknowledged(1 << 20);
            if (reno.window() <= 0) {
                throw new AssertionError("window " + reno.window());
            }
        }
    }

    /** More than 4 GiB lie between: the sequence number of the first byte comes back. */
    @Test
    void theInitialNumberComesRoundAgain() {
        established();
        c.send.nxt = iss;
        c.send.una = iss;
        c.send.max = iss;
        c.receive.nxt = irs + 1;
        write("round");
        expect(Seg.data(iss, irs + 1, "round"));
        send(Seg.ack(irs + 1, iss + 5));
        assertEquals(iss + 5, c.send.una);
        assertTrue(c.send.queue.isEmpty());
        c.send.updateCleared(lossless);
        long unread = c.send.room.unreadByPeer();
        assertEquals(0, unread);
    }

    // ---- keep-alives ----

    @Test
    void keepAlives() {
        options.keepAlive(true);
        established();
        pass(7_199 * SECOND);
        expectNothing();
        pass(2 * SECOND);
        if (lossless) {
            expectNothing();
            return;
        }
        expect(Seg.ack(iss, irs + 1));
        send(Seg.ack(irs + 1, iss + 1));
        pass(7_100 * SECOND);
        expectNothing();
        pass(110 * SECOND);
        expect(Seg.ack(iss, irs + 1));
        pass(10 * 75 * SECOND);
        state(TcpState.CLOSED);
        failure(Failure.TIMED_OUT);
        assertEquals(8, peer.received.size());
    }

    @Test
    void noKeepAlivesUnasked() {
        established();
        pass(20_000 * SECOND);
        expectNothing();
        state(TcpState.ESTABLISHED);
    }

    @Test
    void trafficPutsKeepAlivesOff() {
        options.keepAlive(true);
        established();
        pass(5_000 * SECOND);
        send(Seg.data(irs + 1, iss + 1, "x"));
        pass(SECOND);
        peer.received.clear();
        pass(5_000 * SECOND);
        expectNothing();
    }
}
