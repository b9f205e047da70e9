package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.stack.Readiness;
import io.ringway.stack.StackSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows, probes, Nagle's algorithm and delayed acknowledgments (RFC 9293, sections 3.7.4 and 3.8.6). */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class FlowControlTest extends Dialogue {
    FlowControlTest(Setting setting) {
        super(setting);
    }

    private static StackSettings receiveBuffer(int bytes) {
        StackSettings d = StackSettings.defaults();
        return new StackSettings(
                bytes,
                d.sendBuffer(),
                d.sendBufferLimit(),
                d.synWait(),
                d.connectTimeout(),
                d.finWait2(),
                d.timeWait(),
                d.keepAliveIdle(),
                d.receiveBatch());
    }

    // ---- the peer's window ----

    @Test
    void nothingIsSentIntoAClosedWindow() {
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        assertEquals(5, write("hello"));
        expectNothing();
        send(Seg.ack(irs + 1, iss + 1).wnd(1000));
        expect(Seg.data(iss + 1, irs + 1, "hello"));
    }

    private void synAckWithScale(int window) {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(0xffff).shift(7).wnd(window));
        expect(Seg.ack(iss + 1, irs + 1));
    }

    private int published() {
        run();
        return peer.received.stream().mapToInt(Seg::length).sum();
    }

    /** What is accepted before the peer has said its real window survives this process. */
    @Test
    void whatASynCannotSayDoesNotHoldBackLosslessly() {
        assumeTrue(lossless);
        synAckWithScale(0xffff);
        int accepted = write(new byte[2 << 20]);
        assertEquals(settings.sendBuffer(), accepted);
        assertEquals(accepted, published());
        send(Seg.ack(irs + 1, iss + 1).wnd(48 << 10));
        int more = write(new byte[(2 << 20) - accepted]);
        assertEquals((2 << 20) - accepted, more);
        assertEquals(2 << 20, published());
    }

    @Test
    void aSmallWindowInASynHolds() {
        assumeTrue(lossless);
        synAckWithScale(2000);
        write(new byte[5000]);
        assertEquals(2000, published());
    }

    @Test
    void noMoreThanTheWindowIsSent() {
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(2000));
        write(new byte[3500]);
        run();
        assertEquals(2000, peer.received.stream().mapToInt(Seg::length).sum());
        peer.received.clear();
        send(Seg.ack(irs + 1, iss + 2001).wnd(1000));
        run();
        assertEquals(1000, peer.received.stream().mapToInt(Seg::length).sum());
        peer.received.clear();
        send(Seg.ack(irs + 1, iss + 3001).wnd(5000));
        assertEquals(500, next().length());
    }

    @Test
    void aWindowThatShrinksIsEndured() {
        established();
        write(new byte[900]);
        run();
        peer.received.clear();
        // Everything that is on its way is outside of it now.
        send(Seg.ack(irs + 1, iss + 1).wnd(100));
        write("more");
        expectNothing();
        send(Seg.ack(irs + 1, iss + 901).wnd(100));
        expect(Seg.data(iss + 901, irs + 1, "more"));
    }

    @Test
    void probesUntilTheWindowOpens() {
        assumeFalse(lossless);
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        write("hello");
        expectNothing();
        for (int i = 0; i < 60; i++) {
            assertTrue(passUntilSegment() <= 61 * SECOND, "a probe each minute at least");
            expect(Seg.ack(iss, irs + 1));
            send(Seg.ack(irs + 1, iss + 1).wnd(0));
        }
        state(TcpState.ESTABLISHED);
        send(Seg.ack(irs + 1, iss + 1).wnd(1000));
        expect(Seg.data(iss + 1, irs + 1, "hello"));
        // The timer starts anew with the data.
        pass(1100 * MS);
        expect(Seg.data(iss + 1, irs + 1, "hello"));
    }

    @Test
    void probesThatNobodyAnswersEndTheConnection() {
        assumeFalse(lossless);
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        write("hello");
        pass(3600 * SECOND);
        state(TcpState.CLOSED);
        failure(Failure.TIMED_OUT);
    }

    @Test
    void noProbesAndNoEndWhereThePeerIsKnownToLive() {
        assumeTrue(lossless);
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        write("hello");
        pass(36_000 * SECOND);
        expectNothing();
        state(TcpState.ESTABLISHED);
        assertEquals(Long.MAX_VALUE, deadline());
    }

    @Test
    void finWaitsForTheWindow() {
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(2));
        write("hello");
        c.shutdownOutput();
        run();
        peer.received.clear();
        int sent = c.send.nxt - iss - 1;
        send(Seg.ack(irs + 1, iss + 1 + sent).wnd(1000));
        expect(Seg.data(iss + 1 + sent, irs + 1, "hello".substring(sent)), Seg.fin(iss + 6, irs + 1));
    }

    // ---- this side's window ----

    @Test
    void theWindowClosesAsDataWaitUnread() {
        restart(receiveBuffer(1 << 16));
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(1000).shift(0));
        peer.received.clear();
        int sent = 0;
        while (c.receive.window() > 0) {
            int part = Math.min(1000, c.receive.window());
            send(Seg.data(irs + 1 + sent, iss + 1, part));
            sent += part;
            assertTrue(sent <= 1 << 16, "accepted more than the buffer holds");
        }
        peer.received.clear();
        assertEquals(sent, c.available());
        // Not acceptable, but answered.
        send(Seg.ack(irs + sent, iss + 1));
        assertEquals(0, next().wnd());
        if (!lossless) {
            send(Seg.data(irs + 1 + sent, iss + 1, "x"));
            assertEquals(0, next().wnd());
            assertEquals(sent, c.available());
        }
        assertEquals(sent, read().length());
        run();
        Seg update = peer.received.getLast();
        assertTrue((update.wnd() << c.receive.windowShift) >= 1 << 15, update::toString);
        assertEquals(irs + 1 + sent, update.ack());
    }

    /** Where the unit of the window is larger than the segments, it still has to close. */
    @Test
    void theWindowClosesByteByByte() {
        restart(receiveBuffer(1 << 17));
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(1000).shift(0));
        peer.received.clear();
        int unit = 1 << c.receive.windowShift;
        int sent = 0;
        int next = 1000;
        while (sent < 1 << 18 && peersWindow() > 0) {
            int part = Math.min(next, peersWindow());
            send(Seg.data(irs + 1 + sent, iss + 1, part));
            sent += part;
            next = peersWindow() <= 2 * unit ? 1 : 1000;
        }
        assertTrue(sent <= 1 << 17, "accepted " + sent);
        leaky = true;
    }

    private int peersWindow() {
        send(Seg.ack(c.receive.nxt - 1, iss + 1));
        int wnd = peer.received.getLast().wnd() << c.receive.windowShift;
        peer.received.clear();
        return wnd;
    }

    @Test
    void smallBuffersAreUpdatedToo() {
        for (int buffer : new int[] {2_000, 10_000, 50_000, 100_000, 200_000}) {
            restart(receiveBuffer(buffer));
            synSent();
            send(Seg.synAck(irs, iss + 1).mss(1000).shift(0));
            peer.received.clear();
            int sent = 0;
            for (int i = 0; i < 400; i++) {
                int part = Math.min(500, c.receive.window());
                send(Seg.data(irs + 1 + sent, iss + 1, part));
                sent += part;
                assertEquals(part, read().length());
                assertTrue(c.receive.window() >= buffer / 2 - 128, "window " + c.receive.window() + " of " + buffer);
            }
            c.abort();
            c.close();
            run();
        }
    }

    @Test
    void moreThanWasOfferedEndsTheConnection() {
        assumeTrue(lossless);
        frames = 160;
        restart(receiveBuffer(1 << 16));
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(0xffff).shift(0));
        int sent = 0;
        while (c.state() == TcpState.ESTABLISHED) {
            send(Seg.data(irs + 1 + sent, iss + 1, 60_000));
            sent += 60_000;
            assertTrue(sent < 20 << 20, "no bound");
        }
        assertTrue(sent > StackSettings.defaults().sendBufferLimit(), "what a process leaves at its end is taken");
        run();
        assertTrue(peer.received.getLast().has(io.ringway.wire.Tcp.RST), "reset");
        leaky = true;
    }

    // ---- acknowledgments ----

    @Test
    void theSecondFullSegmentIsAcknowledgedAtOnce() {
        assumeFalse(lossless);
        established();
        send(Seg.data(irs + 1, iss + 1, 1000));
        expectNothing();
        send(Seg.data(irs + 1001, iss + 1, 1000));
        expect(Seg.ack(iss + 1, irs + 2001));
    }

    @Test
    void aSingleSegmentIsAcknowledgedSoon() {
        assumeFalse(lossless);
        established();
        send(Seg.data(irs + 1, iss + 1, 100));
        expectNothing();
        pass(499 * MS);
        expect(Seg.ack(iss + 1, irs + 101));
    }

    @Test
    void anAnswerCarriesTheAcknowledgment() {
        established();
        send(Seg.data(irs + 1, iss + 1, "question"));
        read();
        write("answer");
        expect(Seg.data(iss + 1, irs + 9, "answer"));
        pass(SECOND / 2);
        expectNothing();
    }

    @Test
    void whereNothingIsLostOneAcknowledgmentServesMuch() {
        assumeTrue(lossless);
        established();
        int sent = 0;
        for (int i = 0; i < 20; i++) {
            send(Seg.data(irs + 1 + sent, iss + 1, 1000));
            sent += 1000;
        }
        expectNothing();
        pass(3600 * SECOND);
        expectNothing();
        while (peer.received.isEmpty()) {
            send(Seg.data(irs + 1 + sent, iss + 1, 1000));
            sent += 1000;
            assertTrue(sent <= 200_000);
        }
    }

    // ---- Nagle ----

    @Test
    void nagleHoldsSmallSegmentsBack() {
        assumeFalse(lossless);
        established();
        write("one");
        write("two");
        write("three");
        expect(Seg.data(iss + 1, irs + 1, "one"));
        send(Seg.ack(irs + 1, iss + 4));
        expect(Seg.data(iss + 4, irs + 1, "twothree"));
    }

    @Test
    void nagleLetsFullSegmentsGo() {
        assumeFalse(lossless);
        established();
        write("one");
        expect(Seg.data(iss + 1, irs + 1, "one"));
        write(new byte[1000]);
        expect(Seg.data(iss + 4, irs + 1, 1000).carrying(new byte[1000]));
    }

    @Test
    void noDelay() {
        options.noDelay(true);
        established();
        write("one");
        write("two");
        expect(Seg.data(iss + 1, irs + 1, "one"), Seg.data(iss + 4, irs + 1, "two"));
    }

    @Test
    void noDelaySetLaterCountsFromTheNextWrite() {
        assumeFalse(lossless);
        established();
        write("one");
        write("two");
        expect(Seg.data(iss + 1, irs + 1, "one"));
        c.options().noDelay(true);
        write("three");
        expect(Seg.data(iss + 4, irs + 1, "twothree"));
    }

    @Test
    void theEndIsNotHeldBack() {
        established();
        write("one");
        write("two");
        c.shutdownOutput();
        run();
        Seg last = peer.received.getLast();
        assertEquals(iss + 7, last.seq());
        assertTrue(last.has(io.ringway.wire.Tcp.FIN));
        peer.received.clear();
    }

    // ---- readiness ----

    @Test
    void aFullBufferIsNotWritableUntilThereIsRoom() {
        assumeTrue(lossless);
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(0xffff).shift(0));
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        int accepted = 0;
        int n = write(new byte[100_000]);
        while (n > 0) {
            accepted += n;
            n = write(new byte[100_000]);
        }
        assertEquals(StackSettings.defaults().sendBufferLimit(), accepted);
        assertTrue(!ready(Readiness.WRITE));
        told = 0;
        send(Seg.ack(irs + 1, iss + 1).wnd(0xffff));
        assertTrue(!ready(Readiness.WRITE), "the window says how much the peer holds unread");
        int sent = c.send.nxt - iss - 1;
        int left = accepted;
        while (left > (1 << 20)) {
            send(Seg.ack(irs + 1, c.send.nxt).wnd(0xffff));
            left -= sent;
            sent = c.send.nxt - c.send.una;
        }
        assertTold();
        assertTrue(ready(Readiness.WRITE));
        leaky = true;
    }
}
