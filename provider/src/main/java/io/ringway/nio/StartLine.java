package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.Settings;
import java.util.Locale;

/** The one line that tells the user at the start what is active. */
final class StartLine {
    private StartLine() {}

    static String version() {
        String version = StartLine.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }

    /** The line for a process whose path to the fabric is blocked by {@code obstacle}, or not if that is FABRIC. */
    static String of(Settings settings, PathReason obstacle, String trouble) {
        StringBuilder line = new StringBuilder("ringway: ").append(version()).append(", ");
        if (obstacle == PathReason.FABRIC) {
            line.append("port fabric");
        } else {
            line.append("no port (").append(obstacle).append(trouble.isEmpty() ? "" : ": " + trouble);
            line.append("), everything goes over the kernel");
        }
        return line.append(", profile ")
                .append(settings.profile().name().toLowerCase(Locale.ROOT))
                .toString();
    }
}
