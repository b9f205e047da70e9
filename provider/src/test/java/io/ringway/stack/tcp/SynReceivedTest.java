package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.Readiness;
import io.ringway.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9293, section 3.10.7.4, in SYN-RECEIVED. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class SynReceivedTest extends Dialogue {
    SynReceivedTest(Setting setting) {
        super(setting);
    }

    private void established(int connections) {
        c = listener.accept();
        assertNotNull(c);
        state(TcpState.ESTABLISHED);
        assertEquals(connections, stack.connections());
    }

    @Test
    void first_outsideTheWindow() {
        synReceived();
        send(Seg.ack(irs + 2 + 0xffff, iss + 1), Seg.ack(irs, iss + 1));
        expect(Seg.ack(iss + 1, irs + 1), Seg.ack(iss + 1, irs + 1));
        assertTrue(!listener.acceptable());
        leaky = true;
    }

    @Test
    void second_resetReturnsToListen() {
        synReceived();
        send(Seg.rst(irs + 1));
        expectNothing();
        assertEquals(0, stack.connections());
    }

    @Test
    void second_resetElsewhereInTheWindowIsChallenged() {
        synReceived();
        send(Seg.rst(irs + 5));
        expect(Seg.ack(iss + 1, irs + 1));
        assertEquals(1, stack.connections());
        leaky = true;
    }

    @Test
    void fifth_withoutAckDropped() {
        synReceived();
        send(Seg.of(0, irs + 1, 0).carrying(new byte[4]));
        expectNothing();
        leaky = true;
    }

    @Test
    void fifth_anAckOfNothingIsAnsweredWithReset() {
        synReceived();
        send(Seg.ack(irs + 1, iss), Seg.ack(irs + 1, iss + 2));
        expect(Seg.rst(iss), Seg.rst(iss + 2));
        assertEquals(1, stack.connections());
        leaky = true;
    }

    @Test
    void fifth_theAckEstablishes() {
        synReceived();
        send(Seg.ack(irs + 1, iss + 1).wnd(500));
        established(1);
        assertEquals(500, c.send.wnd);
    }

    @Test
    void fifth_theWindowIsScaledFromNowOn() {
        listening();
        send(Seg.syn(irs).mss(1000).shift(5).wnd(600));
        expect(Seg.synAck(iss, irs + 1).shift(7));
        send(Seg.ack(irs + 1, iss + 1).wnd(500));
        established(1);
        assertEquals(500 << 5, c.send.wnd);
    }

    @Test
    void seventh_dataWithTheAck() {
        synReceived();
        send(Seg.data(irs + 1, iss + 1, "early"));
        established(1);
        assertTrue(ready(Readiness.READ));
        assertEquals("early", read());
    }

    @Test
    void eighth_finWithTheAck() {
        synReceived();
        send(Seg.data(irs + 1, iss + 1, "brief").with(Tcp.FIN));
        c = listener.accept();
        state(TcpState.CLOSE_WAIT);
        assertEquals("brief", read());
        assertEquals(null, read());
        expectLast(Seg.ack(iss + 1, irs + 7));
    }

    private void expectLast(Seg expected) {
        run();
        assertTrue(expected.fits(peer.received.getLast()), () -> peer.received.toString());
    }

    @Test
    void aSynAgain() {
        synReceived();
        send(Seg.syn(irs).mss(1000).shift(0));
        // Before the window: an acknowledgment answers it.
        expect(Seg.ack(iss + 1, irs + 1));
        send(Seg.ack(irs + 1, iss + 1));
        established(1);
    }

    @Test
    void aSynInTheWindowIsChallenged() {
        synReceived();
        send(Seg.syn(irs + 1));
        expect(Seg.ack(iss + 1, irs + 1));
        assertEquals(1, stack.connections());
        leaky = true;
    }

    @Test
    void theSynAckIsSentAgain() {
        synReceived();
        pass(SECOND);
        if (lossless) {
            expectNothing();
            leaky = true;
        } else {
            expect(Seg.synAck(iss, irs + 1));
            pass(300 * SECOND);
            assertEquals(0, stack.connections());
            assertEquals(5, peer.received.size());
        }
    }

    @Test
    void deadPeer() {
        synReceived();
        peer.port.die();
        run();
        assertEquals(0, stack.connections());
    }
}
