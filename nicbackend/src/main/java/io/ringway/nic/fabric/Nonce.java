package io.ringway.nic.fabric;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Random numbers that tell processes apart. Straight from the kernel: the security providers take long to load. */
final class Nonce {
    private Nonce() {}

    /** Never 0. */
    static long make() {
        byte[] bytes = new byte[Long.BYTES];
        long random = 0;
        try (InputStream in = new FileInputStream("/dev/urandom")) {
            if (in.read(bytes) == bytes.length) {
                random = ByteBuffer.wrap(bytes).getLong();
            }
        } catch (IOException e) {
            random = 0;
        }
        return random != 0 ? random : System.nanoTime() ^ System.currentTimeMillis() << 20 | 1;
    }
}
