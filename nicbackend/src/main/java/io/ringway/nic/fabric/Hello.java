package io.ringway.nic.fabric;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What two processes tell each other first. Its start has the same shape in every wire version.
 *
 * @param oldest oldest wire version that the sender speaks
 * @param newest newest one
 * @param nonce the sender
 * @param pid the sender's process id, for people
 * @param pair where in its memory the sender keeps what concerns the receiver
 * @param name the sender's guest name, for people
 */
record Hello(int oldest, int newest, long nonce, int pid, long pair, String name) {
    /** Bytes of the longest hello. */
    static final int LARGEST = 300;

    private static final int NAME_BYTES = 255;

    void write(ByteBuffer out) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, NAME_BYTES);
        out.putLong(Layout.MAGIC)
                .putInt(oldest)
                .putInt(newest)
                .putLong(nonce)
                .putInt(pid)
                .putLong(pair);
        out.put((byte) length).put(text, 0, length);
    }

    /** The message, or null when it isn't one. */
    static @Nullable Hello read(ByteBuffer in) {
        if (in.remaining() < 37 || in.getLong() != Layout.MAGIC) {
            return null;
        }
        int oldest = in.getInt();
        int newest = in.getInt();
        long nonce = in.getLong();
        int pid = in.getInt();
        long pair = in.getLong();
        byte[] text = new byte[Math.min(in.get() & 0xff, in.remaining())];
        in.get(text);
        char[] printed = new String(text, StandardCharsets.UTF_8).toCharArray();
        for (int i = 0; i < printed.length; i++) {
            printed[i] = Character.isISOControl(printed[i]) ? '?' : printed[i];
        }
        String name = new String(printed);
        return new Hello(oldest, newest, nonce, pid, pair, name);
    }
}
