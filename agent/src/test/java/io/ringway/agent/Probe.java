package io.ringway.agent;

import java.lang.foreign.MemorySegment;

/** A program that says what its JVM allows it, and opens no channel. */
final class Probe {
    private Probe() {}

    public static void main(String[] properties) {
        Module jdk = Object.class.getModule();
        Module own = Probe.class.getModule();
        System.out.println(
                "exported " + (jdk.isExported("sun.nio.ch", own) && jdk.isExported("jdk.internal.event", own)));
        System.out.println("open " + jdk.isOpen("java.lang", own));
        System.out.println("native " + MemorySegment.NULL.reinterpret(1).byteSize());
        for (String property : properties) {
            System.out.println(property + " " + System.getProperty(property));
        }
    }
}
