package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.Settings;
import java.util.List;
import java.util.Locale;

/** The one line that tells the user at the start what is active. */
final class StartLine {
    private StartLine() {}

    static String version() {
        String version = StartLine.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }

    /**
     * The line for a process that has ports.
     *
     * @param ports their names
     * @param left why other directories are not used
     */
    static String withPorts(Settings settings, List<String> ports, List<String> left) {
        StringBuilder text = new StringBuilder(ports.size() == 1 ? "port " : "ports ");
        text.append(String.join(", ", ports));
        if (!left.isEmpty()) {
            text.append(" (not used: ").append(String.join("; ", left)).append(')');
        }
        return line(settings, text);
    }

    /** The line for a process whose path to the fabric is blocked by {@code obstacle}. */
    static String withoutPort(Settings settings, PathReason obstacle, String trouble) {
        StringBuilder text = new StringBuilder("no port (").append(obstacle);
        text.append(trouble.isEmpty() ? "" : ": " + trouble);
        return line(settings, text.append("), everything goes over the kernel"));
    }

    private static String line(Settings settings, StringBuilder ports) {
        return new StringBuilder("ringway: ")
                .append(version())
                .append(", ")
                .append(ports)
                .append(", profile ")
                .append(settings.profile().name().toLowerCase(Locale.ROOT))
                .toString();
    }
}
