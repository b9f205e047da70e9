package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.stack.Readiness;
import io.ringway.wire.Tcp;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9293, section 3.10.7.3. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class SynSentTest extends Dialogue {
    SynSentTest(Setting setting) {
        super(setting);
    }

    @Test
    void theSynOffersMssAndScale() {
        c = TcpConnection.connect(
                stack, port.routeTo(peer.queue), ourEnd(), peerEnd(), options, () -> told++, network.now());
        expect(Seg.syn(iss).wnd(0xffff).mss(lossless ? 0xffff : 1440).shift(7));
        assertEquals(0, c.readiness());
    }

    @Test
    void synAckEstablishes() {
        established();
        assertEquals(Readiness.CONNECT | Readiness.WRITE, c.readiness());
        assertEquals(1, stack.connections());
    }

    // First: check the ACK bit.

    @Test
    void anAckOfNothingIsAnsweredWithReset() {
        synSent();
        send(Seg.synAck(irs, iss).mss(1000), Seg.ack(irs, iss + 2), Seg.ack(irs, iss - 5));
        expect(Seg.rst(iss), Seg.rst(iss + 2), Seg.rst(iss - 5));
        state(TcpState.SYN_SENT);
    }

    @Test
    void aResetWithAnAckOfNothingIsDropped() {
        synSent();
        send(Seg.rstAck(irs, iss), Seg.rstAck(irs, iss + 2));
        expectNothing();
        state(TcpState.SYN_SENT);
    }

    // Second: check the RST bit.

    @Test
    void anAcceptableResetRefuses() {
        synSent();
        send(Seg.rstAck(0, iss + 1));
        expectNothing();
        state(TcpState.CLOSED);
        failure(Failure.REFUSED);
        assertTold();
        assertTrue(ready(Readiness.CONNECT));
    }

    @Test
    void aResetWithoutAckIsDropped() {
        synSent();
        send(Seg.rst(irs));
        expectNothing();
        state(TcpState.SYN_SENT);
    }

    // Fourth: check the SYN bit. Fifth: neither SYN nor RST.

    @Test
    void anAckAloneIsDropped() {
        synSent();
        send(Seg.ack(irs, iss + 1));
        expectNothing();
        state(TcpState.SYN_SENT);
    }

    @Test
    void finAloneIsDropped() {
        synSent();
        send(Seg.of(Tcp.FIN, irs, 0), Seg.fin(irs, iss + 1), Seg.of(0, irs, 0));
        expectNothing();
        state(TcpState.SYN_SENT);
    }

    @Test
    void simultaneousOpen() {
        synSent();
        send(Seg.syn(irs).mss(1000).shift(3));
        expect(Seg.synAck(iss, irs + 1).shift(7));
        state(TcpState.SYN_RECEIVED);
        assertEquals(0, c.readiness());
        send(Seg.ack(irs + 1, iss + 1));
        state(TcpState.ESTABLISHED);
        assertTold();
    }

    @Test
    void simultaneousOpenWithBothSynAcks() {
        synSent();
        send(Seg.syn(irs).mss(1000).shift(3));
        expect(Seg.synAck(iss, irs + 1));
        // RFC 9293, figure 8, line 6: its sequence number is before the window, so an acknowledgment answers it.
        send(Seg.synAck(irs, iss + 1).mss(1000).shift(3));
        expect(Seg.ack(iss + 1, irs + 1));
        send(Seg.ack(irs + 1, iss + 1));
        expectAnythingFromNowOn();
        state(TcpState.ESTABLISHED);
    }

    private void expectAnythingFromNowOn() {
        run();
        peer.received.clear();
    }

    @Test
    void simultaneousOpenRefused() {
        synSent();
        send(Seg.syn(irs).mss(1000).shift(3));
        expect(Seg.synAck(iss, irs + 1));
        send(Seg.rst(irs + 1));
        state(TcpState.CLOSED);
        failure(Failure.REFUSED);
    }

    // Options.

    @Test
    void windowScalingAgreed() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(1000).shift(4));
        // Six MiB, scaled by 7.
        expect(Seg.ack(iss + 1, irs + 1).wnd(6 << 20 >> 7));
        assertEquals(4, c.send.windowShift);
        assertEquals(7, c.receive.windowShift);
    }

    @Test
    void windowScalingNotOffered() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(1000));
        expect(Seg.ack(iss + 1, irs + 1).wnd(0xffff));
        assertEquals(0, c.send.windowShift);
        assertEquals(0, c.receive.windowShift);
    }

    @Test
    void scaleAboveFourteenCountsAsFourteen() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(1000).shift(255));
        expect(Seg.ack(iss + 1, irs + 1));
        assertEquals(14, c.send.windowShift);
    }

    @Test
    void theWindowOfASynIsNotScaled() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(1000).shift(8).wnd(100));
        expect(Seg.ack(iss + 1, irs + 1));
        assertEquals(100, c.send.wnd);
    }

    @Test
    void mssDefault() {
        synSent();
        send(Seg.synAck(irs, iss + 1));
        expect(Seg.ack(iss + 1, irs + 1));
        assertEquals(536, c.send.mss);
    }

    @Test
    void mssOfTheOther() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(700));
        expect(Seg.ack(iss + 1, irs + 1));
        assertEquals(700, c.send.mss);
    }

    @Test
    void mssLargerThanOursCountsAsOurs() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(0xffff));
        expect(Seg.ack(iss + 1, irs + 1));
        assertEquals(lossless ? 1 << 16 : 1440, c.send.mss);
    }

    /** A peer that says so would make every byte a segment, or stop the stream. */
    @Test
    void absurdlySmallMssIsNotBelieved() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(0));
        expect(Seg.ack(iss + 1, irs + 1));
        assertTrue(c.send.mss >= 64, "MSS " + c.send.mss);
        write("hello");
        expect(Seg.data(iss + 1, irs + 1, "hello"));
    }

    // Time.

    @Test
    void anUnansweredSyn() {
        synSent();
        if (lossless) {
            pass(3 * SECOND);
            Seg[] again = new Seg[49];
            Arrays.fill(again, Seg.syn(iss));
            expect(again);
            failure(Failure.PEER_NOT_RESPONDING);
        } else {
            pass(SECOND);
            expect(Seg.syn(iss));
            pass(2 * SECOND);
            expect(Seg.syn(iss));
            pass(200 * SECOND);
            expect(Seg.syn(iss), Seg.syn(iss), Seg.syn(iss), Seg.syn(iss));
            failure(Failure.TIMED_OUT);
        }
        state(TcpState.CLOSED);
        assertTold();
    }

    /** The backlog was full when the SYN was taken. */
    @Test
    void aTakenSynIsAskedAgain() {
        assumeTrue(lossless);
        synSent();
        pass(20 * MS);
        expect(Seg.syn(iss));
        send(Seg.synAck(irs, iss + 1).mss(1000));
        expect(Seg.ack(iss + 1, irs + 1));
        state(TcpState.ESTABLISHED);
        // The answer to the second one.
        send(Seg.ack(irs + 1, iss + 1));
        expectNothing();
        pass(3 * SECOND);
        expectNothing();
        state(TcpState.ESTABLISHED);
    }

    @Test
    void aSynThatNobodyTakesIsGivenUpSoon() {
        c = TcpConnection.connect(
                stack, port.routeTo(peer.queue), ourEnd(), peerEnd(), options, () -> told++, network.now());
        if (lossless) {
            peer.port.stop();
            network.advanceTo(network.now() + 20 * MS);
            assertTrue(stack.tryOwn());
            stack.poll(network.now());
            stack.disown();
            failure(Failure.PEER_NOT_RESPONDING);
        }
    }

    @Test
    void closeInSynSent() {
        synSent();
        c.close();
        expectNothing();
        state(TcpState.CLOSED);
        // Its SYN-ACK comes too late.
        send(Seg.synAck(irs, iss + 1));
        expect(Seg.rst(iss + 1));
    }

    @Test
    void deadPeerInSynSent() {
        synSent();
        peer.port.die();
        run();
        state(TcpState.CLOSED);
        failure(Failure.PEER_GONE);
        assertTold();
    }
}
