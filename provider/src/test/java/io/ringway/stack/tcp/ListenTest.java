package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9293, sections 3.10.7.1 (CLOSED) and 3.10.7.2 (LISTEN). */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class ListenTest extends Dialogue {
    ListenTest(Setting setting) {
        super(setting);
    }

    // ---- CLOSED: nobody listens ----

    @Test
    void nobodyListens() {
        send(Seg.syn(irs));
        expect(Seg.rstAck(0, irs + 1));
    }

    @Test
    void aSegmentForNobodyIsAnsweredWithItsAcknowledgment() {
        send(Seg.data(irs, 77, "stray"));
        expect(Seg.rst(77));
    }

    @Test
    void aSegmentForNobodyWithoutAcknowledgment() {
        send(Seg.of(Tcp.FIN, irs, 0).carrying(new byte[5]));
        expect(Seg.rstAck(0, irs + 6));
    }

    @Test
    void aResetForNobodyIsDropped() {
        send(Seg.rst(irs), Seg.rstAck(irs, 5), Seg.rst(irs).with(Tcp.SYN));
        expectNothing();
    }

    // ---- LISTEN ----

    @Test
    void first_aResetIsDropped() {
        listening();
        send(Seg.rst(irs), Seg.rstAck(irs, 1), Seg.rst(irs).with(Tcp.SYN));
        expectNothing();
        assertEquals(0, stack.connections());
    }

    @Test
    void second_anAckIsAnsweredWithReset() {
        listening();
        send(Seg.ack(irs, 99), Seg.synAck(irs, 98), Seg.fin(irs, 97));
        expect(Seg.rst(99), Seg.rst(98), Seg.rst(97));
        assertEquals(0, stack.connections());
    }

    @Test
    void third_aSynIsAnswered() {
        listening();
        send(Seg.syn(irs).mss(1000).shift(2));
        expect(Seg.synAck(iss, irs + 1)
                .wnd(0xffff)
                .mss(lossless ? 0xffff : 1440)
                .shift(7));
        assertEquals(1, stack.connections());
        assertFalse(listener.acceptable());
    }

    /** RFC 7323, section 2.2: a window scale option answers one only. */
    @Test
    void noWindowScaleWhereNoneWasOffered() {
        listening();
        send(Seg.syn(irs).mss(1000));
        Seg synAck = next();
        assertTrue(Seg.synAck(iss, irs + 1).fits(synAck), synAck::toString);
        assertEquals(Seg.UNSAID, synAck.shift());
    }

    @Test
    void aConnectionCanBeAcceptedOnceEstablished() {
        synReceived();
        assertNull(listener.accept());
        send(Seg.ack(irs + 1, iss + 1));
        assertTold();
        assertTrue(listener.acceptable());
        c = listener.accept();
        assertNotNull(c);
        state(TcpState.ESTABLISHED);
        assertEquals(ourEnd(), c.local());
        assertEquals(peerEnd(), c.remote());
        assertNull(listener.accept());
    }

    @Test
    void theListenersOptionsAreInherited() {
        options.noDelay(true);
        options.keepAlive(true);
        options.trafficClass(0x10);
        accepted();
        assertTrue(c.options().noDelay());
        assertTrue(c.options().keepAlive());
        assertEquals(0x10, c.options().trafficClass());
        c.options().noDelay(false);
        assertTrue(options.noDelay());
    }

    @Test
    void aListenerForAnotherAddressDoesNotTakeIt() {
        new TcpListener(listeners, ourEnd().withPort(LOCAL_PORT + 1), false, 5, options, () -> {});
        new TcpListener(listeners, peerEnd().withPort(LOCAL_PORT), false, 5, options, () -> {});
        send(Seg.syn(irs));
        expect(Seg.rstAck(0, irs + 1));
    }

    /** Of a listener with a backlog of two, three may wait. */
    @Test
    void backlogFull() {
        listening();
        for (int i = 0; i < 3; i++) {
            RawPeer other = from(PEER_PORT + 1 + i);
            other.send(Seg.syn(irs).mss(1000));
            run();
            other.poll();
        }
        send(Seg.syn(irs).mss(1000));
        expectNothing();
        assertEquals(1, stack.counters().backlogFull);
        leaky = true;
    }

    @Test
    void aSynThatComesAgainIsAnsweredOnce() {
        listening();
        send(Seg.syn(irs).mss(1000));
        expect(Seg.synAck(iss, irs + 1));
        send(Seg.syn(irs).mss(1000));
        expect(Seg.ack(iss + 1, irs + 1));
        send(Seg.ack(irs + 1, iss + 1));
        expectNothing();
        assertNotNull(listener.accept());
        assertEquals(1, stack.connections());
        leaky = true;
    }

    private RawPeer from(int portNumber) {
        return new RawPeer(network, queue, peerEnd().withPort(portNumber), ourEnd());
    }

    @Test
    void aConnectionThatEndsBeforeItIsEstablishedLeavesTheBacklog() {
        for (int i = 0; i < 10; i++) {
            if (listener == null) {
                listening();
            }
            send(Seg.syn(irs).mss(1000));
            expect(Seg.synAck(iss, irs + 1));
            send(Seg.rst(irs + 1));
            expectNothing();
            assertEquals(0, stack.connections());
        }
        assertEquals(0, stack.counters().backlogFull);
    }

    @Test
    void closingTheListenerResetsWhatWasNotAccepted() {
        synReceived();
        send(Seg.ack(irs + 1, iss + 1));
        peer.received.clear();
        send(Seg.data(irs + 1, iss + 1, 1400));
        run();
        peer.received.clear();
        listener.close();
        expect(Seg.rstAck(iss + 1, irs + 1 + 1400));
        assertEquals(0, stack.connections());
        assertEquals(0, network.outstanding(), network::describeOutstanding);
    }

    @Test
    void aHandshakeThatEndsAfterTheListenerClosedIsReset() {
        synReceived();
        listener.close();
        send(Seg.ack(irs + 1, iss + 1));
        expect(Seg.rstAck(iss + 1, irs + 1));
        assertEquals(0, stack.connections());
        assertEquals(0, network.outstanding(), network::describeOutstanding);
    }

    @Test
    void aClosedListenerTakesNothing() {
        listening();
        listener.close();
        send(Seg.syn(irs));
        expect(Seg.rstAck(0, irs + 1));
    }
}
