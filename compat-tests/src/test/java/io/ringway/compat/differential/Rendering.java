package io.ringway.compat.differential;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Outcomes as text in which nothing differs that may differ: port numbers, identity hashes, names of classes. */
final class Rendering {
    private static final Pattern PORT = Pattern.compile("\\d{4,5}");
    private static final Pattern SERVER_CLASS = Pattern.compile("[\\w.]+ServerSocketChannel(Impl)?\\[");
    private static final Pattern SELECTOR = Pattern.compile("selector=[\\w.@]+");

    private Rendering() {}

    static String of(@Nullable Object result) {
        return general(String.valueOf(result));
    }

    /** Whether a reset or the end of the stream came first is left open when {@code large} writes were cut short. */
    static String of(Exception e, boolean large) {
        String message = e.getMessage();
        if (large && ("Broken pipe".equals(message) || "Connection reset by peer".equals(message))) {
            message = "Broken";
        }
        return e.getClass().getSimpleName() + (message == null ? "" : " '" + general(message) + "'");
    }

    private static String general(String text) {
        String s = SERVER_CLASS.matcher(text).replaceAll("ServerSocketChannel[");
        s = SELECTOR.matcher(s).replaceAll("selector");
        return PORT.matcher(s).replaceAll("PORT");
    }
}
