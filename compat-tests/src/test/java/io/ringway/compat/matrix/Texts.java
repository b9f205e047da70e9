package io.ringway.compat.matrix;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Outcomes as text in which nothing differs that may differ: port numbers and names of classes. */
final class Texts {
    private static final Pattern PORT = Pattern.compile("\\d{4,5}");
    private static final Pattern CLASS = Pattern.compile("[\\w.]+ServerSocketChannel(Impl)?\\[");

    private Texts() {}

    static String of(@Nullable Object result) {
        String text = CLASS.matcher(String.valueOf(result)).replaceAll("ServerSocketChannel[");
        return PORT.matcher(text).replaceAll("PORT");
    }

    static String of(Exception e) {
        String cause =
                e.getCause() == null ? "" : " by " + e.getCause().getClass().getSimpleName();
        if (e instanceof NullPointerException) {
            // The JVM describes the code that met it.
            return "NullPointerException";
        }
        return e.getClass().getSimpleName()
                + (e.getMessage() == null ? "" : " '" + of((Object) e.getMessage()) + "'")
                + cause;
    }
}
