package io.ringway.stack.memory;

/** Bytes as a sequence of decisions; 0 for ever behind their end. */
public final class Script {
    private final byte[] bytes;
    private int at;

    public Script(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasNext() {
        return at < bytes.length;
    }

    public int u8() {
        return at < bytes.length ? bytes[at++] & 0xff : 0;
    }

    public int u16() {
        return u8() << 8 | u8();
    }

    public int i32() {
        return u16() << 16 | u16();
    }

    /** So many bytes, or fewer if there are no more. */
    public byte[] take(int most) {
        int length = Math.min(most, bytes.length - at);
        byte[] taken = new byte[length];
        System.arraycopy(bytes, at, taken, 0, length);
        at += length;
        return taken;
    }
}
