package io.ringway.stack.tcp;

import io.ringway.wire.Tcp;
import java.util.Arrays;
import java.util.Objects;

/** A segment as a test writes it and as it expects it; -1 where it says nothing. PSH is not compared. */
record Seg(int flags, int seq, int ack, int wnd, int mss, int shift, byte[] data) {
    static final int UNSAID = -1;
    static final byte[] NOTHING = new byte[0];

    static Seg of(int flags, int seq, int ack) {
        return new Seg(flags, seq, ack, UNSAID, UNSAID, UNSAID, NOTHING);
    }

    static Seg syn(int seq) {
        return of(Tcp.SYN, seq, 0);
    }

    static Seg synAck(int seq, int ack) {
        return of(Tcp.SYN | Tcp.ACK, seq, ack);
    }

    static Seg ack(int seq, int ack) {
        return of(Tcp.ACK, seq, ack);
    }

    static Seg fin(int seq, int ack) {
        return of(Tcp.FIN | Tcp.ACK, seq, ack);
    }

    static Seg rst(int seq) {
        return of(Tcp.RST, seq, 0);
    }

    static Seg rstAck(int seq, int ack) {
        return of(Tcp.RST | Tcp.ACK, seq, ack);
    }

    static Seg data(int seq, int ack, String text) {
        return ack(seq, ack).carrying(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    static Seg data(int seq, int ack, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return ack(seq, ack).carrying(bytes);
    }

    Seg carrying(byte[] bytes) {
        return new Seg(flags, seq, ack, wnd, mss, shift, bytes);
    }

    Seg with(int moreFlags) {
        return new Seg(flags | moreFlags, seq, ack, wnd, mss, shift, data);
    }

    Seg without(int lessFlags) {
        return new Seg(flags & ~lessFlags, seq, ack, wnd, mss, shift, data);
    }

    Seg wnd(int newWnd) {
        return new Seg(flags, seq, ack, newWnd, mss, shift, data);
    }

    Seg mss(int newMss) {
        return new Seg(flags, seq, ack, wnd, newMss, shift, data);
    }

    Seg shift(int newShift) {
        return new Seg(flags, seq, ack, wnd, mss, newShift, data);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int length() {
        return data.length;
    }

    /** Whether {@code actual} is what this one expects. */
    boolean fits(Seg actual) {
        return (flags & ~Tcp.PSH) == (actual.flags & ~Tcp.PSH)
                && seq == actual.seq
                && (!has(Tcp.ACK) || ack == actual.ack)
                && (wnd == UNSAID || wnd == actual.wnd)
                && (mss == UNSAID || mss == actual.mss)
                && (shift == UNSAID || shift == actual.shift)
                && Arrays.equals(data, actual.data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Seg s && fits(s) && s.fits(this);
    }

    @Override
    public int hashCode() {
        return Objects.hash(flags, seq);
    }

    @Override
    public String toString() {
        StringBuilder b = new StringBuilder("<");
        flag(b, Tcp.SYN, "SYN ");
        flag(b, Tcp.FIN, "FIN ");
        flag(b, Tcp.RST, "RST ");
        flag(b, Tcp.URG, "URG ");
        b.append("seq=").append(Integer.toUnsignedString(seq));
        if (has(Tcp.ACK)) {
            b.append(" ack=").append(Integer.toUnsignedString(ack));
        }
        said(b, " wnd=", wnd);
        said(b, " mss=", mss);
        said(b, " shift=", shift);
        if (data.length > 0) {
            b.append(" data=").append(data.length);
        }
        return b.append('>').toString();
    }

    private void flag(StringBuilder b, int flag, String name) {
        if (has(flag)) {
            b.append(name);
        }
    }

    private static void said(StringBuilder b, String name, int value) {
        if (value != UNSAID) {
            b.append(name).append(value);
        }
    }
}
