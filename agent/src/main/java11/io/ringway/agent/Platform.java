package io.ringway.agent;

/** Whether this JVM can be served at all. */
final class Platform {
    private static final int OLDEST_JAVA = 25;

    private Platform() {}

    /** Returns why Ringway can't serve this JVM, or null if it can. */
    static String obstacle() {
        String system = System.getProperty("os.name");
        if (Runtime.version().feature() >= OLDEST_JAVA && "Linux".equals(system)) {
            return null;
        }
        return "needs Java " + OLDEST_JAVA + " or newer on Linux, this is Java " + System.getProperty("java.version")
                + " on " + system;
    }

    /** Returns whether a JDK with this version string, as in its {@code release} file, is new enough. */
    static boolean isNewEnough(String version) {
        try {
            return Runtime.Version.parse(version).feature() >= OLDEST_JAVA;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
