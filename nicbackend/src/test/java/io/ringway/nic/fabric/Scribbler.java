package io.ringway.nic.fabric;

import java.util.Random;

/** Writes random values all over a process's own control words, as a hostile or broken producer would. */
final class Scribbler {
    private Scribbler() {}

    static void start(FabricPort port, long seed) {
        Thread thread = new Thread(() -> scribble(port, new Random(seed)), "scribbler");
        thread.setDaemon(true);
        thread.start();
    }

    private static void scribble(FabricPort port, Random random) {
        long end = 4 * Layout.CHUNK;
        while (true) {
            long at = random.nextLong(end) & -8;
            long value = switch (random.nextInt(4)) {
                case 0 -> random.nextLong();
                case 1 -> random.nextInt(1000);
                case 2 -> port.memory().getAcquire(at) + random.nextInt(5) - 2;
                default -> random.nextLong() >>> random.nextInt(64);
            };
            port.memory().setRelease(at, value);
        }
    }
}
