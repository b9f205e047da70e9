package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.Readiness;
import io.ringway.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9293, section 3.10.7.4, in ESTABLISHED, step by step. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class EstablishedTest extends Dialogue {
    private static final int WINDOW = 0xffff;
    /** What is offered once the connection stands. */
    private static final int FULL_WINDOW = 6 << 20;

    EstablishedTest(Setting setting) {
        super(setting);
    }

    private Seg challenge() {
        return Seg.ack(iss + 1, irs + 1);
    }

    // ---- first: sequence number (table 6) ----

    @Test
    void first_emptySegmentBeforeTheWindow() {
        established();
        send(Seg.ack(irs, iss + 1));
        expect(challenge());
        assertEquals(1, stack.counters().unacceptable);
    }

    @Test
    void first_emptySegmentBehindTheWindow() {
        established();
        send(Seg.ack(irs + 1 + FULL_WINDOW + 1, iss + 1));
        expect(challenge());
    }

    /** Departure from table 6: what a full flight ends with stands exactly there, and its acknowledgment counts. */
    @Test
    void first_emptySegmentAtTheWindowsEnd() {
        established();
        write("data");
        expect(Seg.data(iss + 1, irs + 1, "data"));
        send(Seg.ack(irs + 1 + WINDOW, iss + 5));
        expectNothing();
        assertEquals(iss + 5, c.send.una);
    }

    @Test
    void first_dataBeforeTheWindow() {
        established();
        send(Seg.data(irs - 9, iss + 1, 10));
        expect(challenge());
        assertEquals(0, c.available());
    }

    @Test
    void first_dataBehindTheWindow() {
        established();
        send(Seg.data(irs + 1 + WINDOW, iss + 1, 10));
        expect(challenge());
        assertEquals(0, c.available());
    }

    @Test
    void first_dataThatWasPartlyReceived() {
        established();
        send(Seg.data(irs + 1, iss + 1, "abcdef"));
        assertEquals("abcdef", read());
        send(Seg.data(irs + 4, iss + 1, "defghi"));
        assertEquals("ghi", read());
        assertEquals(irs + 10, c.receive.nxt);
    }

    @Test
    void first_dataThatStartsBeforeTheStream() {
        established();
        send(Seg.data(irs - 2, iss + 1, "xyzabc"));
        assertEquals("abc", read());
    }

    @Test
    void first_finThatWasReceivedIsAcknowledgedAgain() {
        established();
        send(Seg.fin(irs + 1, iss + 1));
        expect(Seg.ack(iss + 1, irs + 2));
        send(Seg.fin(irs + 1, iss + 1));
        expect(Seg.ack(iss + 1, irs + 2));
        state(TcpState.CLOSE_WAIT);
    }

    // ---- second: RST ----

    @Test
    void second_resetAtTheNextNumber() {
        established();
        send(Seg.rst(irs + 1));
        expectNothing();
        state(TcpState.CLOSED);
        failure(Failure.RESET);
        assertTold();
        readThrows("Connection reset");
        writeThrows("Broken pipe");
    }

    @Test
    void second_aWriteThatMeetsTheResetFirstNamesIt() {
        established();
        send(Seg.rst(irs + 1));
        writeThrows("Connection reset by peer");
        writeThrows("Broken pipe");
    }

    @Test
    void second_resetElsewhereInTheWindowIsChallenged() {
        established();
        send(Seg.rst(irs + 2), Seg.rst(irs + WINDOW));
        expect(challenge(), challenge());
        state(TcpState.ESTABLISHED);
    }

    @Test
    void second_resetOutsideTheWindowIsDropped() {
        established();
        send(Seg.rst(irs), Seg.rst(irs + 1 + FULL_WINDOW + 1), Seg.rst(irs + 0x4000_0000));
        expectNothing();
        state(TcpState.ESTABLISHED);
    }

    @Test
    void second_whatArrivedBeforeTheResetCanBeRead() {
        established();
        send(Seg.data(irs + 1, iss + 1, "last words"), Seg.rst(irs + 11));
        state(TcpState.CLOSED);
        assertEquals("last words", readOnce());
        readThrows("Connection reset");
    }

    private String readOnce() {
        java.nio.ByteBuffer b = java.nio.ByteBuffer.allocate(100);
        try {
            int n = c.read(b);
            return new String(b.array(), 0, n, java.nio.charset.StandardCharsets.US_ASCII);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- fourth: SYN ----

    @Test
    void fourth_synIsChallenged() {
        established();
        send(Seg.syn(irs + 1), Seg.syn(irs + 100), Seg.synAck(irs + 1, iss + 1));
        expect(challenge(), challenge(), challenge());
        state(TcpState.ESTABLISHED);
    }

    @Test
    void fourth_synOutsideTheWindowIsAnsweredAlike() {
        established();
        send(Seg.syn(irs + 0x4000_0000), Seg.synAck(irs, iss + 1));
        expect(challenge(), challenge());
        state(TcpState.ESTABLISHED);
    }

    // ---- fifth: ACK ----

    @Test
    void fifth_withoutAckDropped() {
        established();
        send(Seg.data(irs + 1, 0, "no").without(Tcp.ACK));
        expectNothing();
        assertEquals(0, c.available());
    }

    @Test
    void fifth_acknowledgmentOfNewData() {
        established();
        write("hello");
        expect(Seg.data(iss + 1, irs + 1, "hello"));
        send(Seg.ack(irs + 1, iss + 6));
        expectNothing();
        assertEquals(iss + 6, c.send.una);
    }

    @Test
    void fifth_acknowledgmentOfAPart() {
        established();
        write("hello");
        expect(Seg.data(iss + 1, irs + 1, "hello"));
        send(Seg.ack(irs + 1, iss + 3));
        assertEquals(iss + 3, c.send.una);
        send(Seg.ack(irs + 1, iss + 6));
        assertEquals(iss + 6, c.send.una);
    }

    @Test
    void fifth_oldAcknowledgmentIsIgnored() {
        established();
        write("hello");
        send(Seg.ack(irs + 1, iss + 6));
        peer.received.clear();
        send(Seg.ack(irs + 1, iss + 2));
        expectNothing();
        assertEquals(iss + 6, c.send.una);
    }

    /** RFC 5961, section 5.2: older than the largest window ever offered. */
    @Test
    void fifth_absurdlyOldAcknowledgmentIsChallenged() {
        established();
        send(Seg.data(irs + 1, iss + 1 - WINDOW - 1, "blind"));
        expect(challenge());
        assertEquals(0, c.available());
        send(Seg.data(irs + 1, iss + 1 - WINDOW, "sight"));
        assertEquals("sight", read());
    }

    @Test
    void fifth_acknowledgmentOfWhatWasNotSent() {
        established();
        send(Seg.data(irs + 1, iss + 2, "future"));
        expect(challenge());
        assertEquals(0, c.available());
        assertEquals(iss + 1, c.send.una);
    }

    // Window update: SND.WL1, SND.WL2.

    @Test
    void fifth_windowFromANewerSegment() {
        established();
        send(Seg.data(irs + 1, iss + 1, "a").wnd(1000));
        assertEquals(1000, c.send.wnd);
        send(Seg.ack(irs + 2, iss + 1).wnd(2000));
        assertEquals(2000, c.send.wnd);
    }

    @Test
    void fifth_windowFromAnOlderSegmentIsIgnored() {
        established();
        send(Seg.data(irs + 1, iss + 1, "abc").wnd(1000));
        assertEquals(1000, c.send.wnd);
        // Sent before the data, arrived after them.
        send(Seg.data(irs, iss + 1, "?ab").wnd(2000));
        assertEquals(1000, c.send.wnd);
    }

    @Test
    void fifth_windowFromTheSameSequenceButOlderAcknowledgmentIsIgnored() {
        established();
        write("hello");
        send(Seg.ack(irs + 1, iss + 6).wnd(3000));
        assertEquals(3000, c.send.wnd);
        send(Seg.ack(irs + 1, iss + 4).wnd(9000));
        assertEquals(3000, c.send.wnd);
        send(Seg.ack(irs + 1, iss + 6).wnd(4000));
        assertEquals(4000, c.send.wnd);
    }

    // ---- sixth: URG ----

    @Test
    void sixth_urgentDataAreData() {
        established();
        send(Seg.data(irs + 1, iss + 1, "now!").with(Tcp.URG));
        assertEquals("now!", read());
    }

    // ---- seventh: text ----

    @Test
    void seventh_dataInOrder() {
        established();
        send(Seg.data(irs + 1, iss + 1, "one "), Seg.data(irs + 5, iss + 1, "two"));
        assertTrue(ready(Readiness.READ));
        assertTold();
        assertEquals("one two", read());
        assertEquals("", read());
        assertEquals(7, c.bytesReceived());
    }

    @Test
    void seventh_dataAheadOfAGap() {
        established();
        send(Seg.data(irs + 4, iss + 1, "def"));
        expect(challenge());
        assertEquals(0, c.available());
        send(Seg.data(irs + 7, iss + 1, "ghi"));
        expect(challenge());
        send(Seg.data(irs + 1, iss + 1, "abc"));
        expect(Seg.ack(iss + 1, irs + 10));
        assertTold();
        assertEquals("abcdefghi", read());
    }

    @Test
    void seventh_overlapsAheadOfAGap() {
        established();
        send(Seg.data(irs + 6, iss + 1, "fgh"), Seg.data(irs + 4, iss + 1, "defg"), Seg.data(irs + 4, iss + 1, "d"));
        send(Seg.data(irs + 9, iss + 1, "ij"), Seg.data(irs + 8, iss + 1, "hijk"), Seg.data(irs + 1, iss + 1, "abcd"));
        assertEquals("abcdefghijk", read());
        assertEquals(irs + 12, c.receive.nxt);
        assertTrue(c.receive.reassembly.isEmpty());
    }

    @Test
    void seventh_largeSegmentsAheadOfAGapAreReleased() {
        established();
        send(
                Seg.data(irs + 1001, iss + 1, 1000),
                Seg.data(irs + 1001, iss + 1, 1000),
                Seg.data(irs + 2001, iss + 1, 500));
        send(Seg.data(irs + 1, iss + 1, 1000));
        assertEquals(2500, read().length());
    }

    @Test
    void seventh_segmentsAheadOfAGapGoWithTheConnection() {
        established();
        send(Seg.data(irs + 1001, iss + 1, 1000), Seg.data(irs + 3001, iss + 1, 1000));
        send(Seg.rst(irs + 1));
        state(TcpState.CLOSED);
    }

    @Test
    void seventh_finAheadOfAGap() {
        established();
        send(Seg.data(irs + 4, iss + 1, "def").with(Tcp.FIN));
        state(TcpState.ESTABLISHED);
        send(Seg.data(irs + 1, iss + 1, "abc"));
        state(TcpState.CLOSE_WAIT);
        assertEquals("abcdef", readOnce());
        assertNull(read());
        assertEquals(irs + 8, c.receive.nxt);
    }

    @Test
    void seventh_finAloneAheadOfAGap() {
        established();
        send(Seg.fin(irs + 4, iss + 1), Seg.fin(irs + 4, iss + 1));
        state(TcpState.ESTABLISHED);
        send(Seg.data(irs + 1, iss + 1, "abc"));
        state(TcpState.CLOSE_WAIT);
        assertEquals(irs + 5, c.receive.nxt);
    }

    // ---- eighth: FIN ----

    @Test
    void eighth_fin() {
        closeWait();
        assertTrue(ready(Readiness.READ | Readiness.WRITE));
        assertNull(read());
        assertNull(read());
    }

    @Test
    void eighth_finWithData() {
        established();
        send(Seg.data(irs + 1, iss + 1, "bye").with(Tcp.FIN));
        expect(Seg.ack(iss + 1, irs + 5));
        state(TcpState.CLOSE_WAIT);
        assertEquals("bye", readOnce());
        assertNull(read());
    }

    // ---- calls ----

    @Test
    void write() {
        established();
        assertEquals(5, write("hello"));
        expect(Seg.data(iss + 1, irs + 1, "hello"));
        assertEquals(5, c.bytesSent());
    }

    @Test
    void nothingToWriteAndNoRoomToRead() throws Exception {
        established();
        assertEquals(0, write(""));
        assertEquals(0, c.read(java.nio.ByteBuffer.allocate(0)));
        expectNothing();
    }

    @Test
    void largeWriteIsCutIntoSegments() {
        established();
        assertEquals(2500, write(new byte[2500]));
        int expected = 0;
        run();
        for (Seg s : peer.received) {
            assertEquals(iss + 1 + expected, s.seq());
            assertTrue(s.length() <= 1000);
            expected += s.length();
        }
        assertEquals(lossless ? 2500 : 2000, expected, "Nagle holds the rest back where frames can be lost");
        send(Seg.ack(irs + 1, iss + 1 + expected));
        send(Seg.ack(irs + 1, iss + 1 + 2500));
        assertEquals(iss + 2501, c.send.una);
    }

    @Test
    void abort() {
        established();
        c.abort();
        expect(Seg.rstAck(iss + 1, irs + 1));
        state(TcpState.CLOSED);
        failure(Failure.ABORTED);
    }

    @Test
    void closeWithUnreadDataResets() {
        established();
        send(Seg.data(irs + 1, iss + 1, "unread"));
        peer.received.clear();
        c.close();
        expect(Seg.rstAck(iss + 1, irs + 7));
        state(TcpState.CLOSED);
    }

    @Test
    void dataAfterCloseAreAnsweredWithReset() {
        established();
        c.close();
        expect(Seg.fin(iss + 1, irs + 1));
        send(Seg.data(irs + 1, iss + 1, "late"));
        expectReset();
    }

    /** The FIN still waits behind data that the peer has no window for. */
    @Test
    void dataAfterCloseAreAnsweredWithResetBeforeTheFinIsOut() {
        established();
        send(Seg.ack(irs + 1, iss + 1).wnd(0));
        write("stuck");
        c.close();
        expectNothing();
        send(Seg.data(irs + 1, iss + 1, "late").wnd(0));
        expectReset();
    }

    private void expectReset() {
        run();
        assertTrue(!peer.received.isEmpty() && peer.received.getLast().has(Tcp.RST), peer.received::toString);
        state(TcpState.CLOSED);
        peer.received.clear();
    }

    @Test
    void shutdownInputDropsWhatArrives() {
        established();
        c.shutdownInput();
        send(Seg.data(irs + 1, iss + 1, "ignored"), Seg.data(irs + 8, iss + 1, 1000));
        assertEquals(irs + 1008, c.receive.nxt);
        assertNull(read());
        peer.received.clear();
        c.close();
        expect(Seg.rstAck(iss + 1, irs + 1008));
    }

    @Test
    void aSegmentOfAnotherPeerIsNotTaken() {
        established();
        RawPeer other = new RawPeer(network, queue, peerEnd(), ourEnd());
        other.send(Seg.data(irs + 1, iss + 1, "forged"));
        other.send(Seg.rst(irs + 1));
        run();
        if (lossless) {
            assertEquals(0, c.available());
            state(TcpState.ESTABLISHED);
            write("hello");
            expect(Seg.data(iss + 1, irs + 1, "hello"));
        }
    }
}
