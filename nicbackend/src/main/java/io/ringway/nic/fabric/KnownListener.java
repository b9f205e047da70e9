package io.ringway.nic.fabric;

import org.jspecify.annotations.Nullable;

/** The name that an address has in the directory, and what was last read there. Any thread. */
final class KnownListener {
    private record Reading(String text, @Nullable ListenerRecord record) {}

    final String name;
    private volatile @Nullable Reading last;

    KnownListener(String name) {
        this.name = name;
    }

    /** What {@code text}, which was read under the name, means; null if nothing. */
    @Nullable
    ListenerRecord record(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Reading reading = last;
        if (reading == null || !reading.text.equals(text)) {
            reading = new Reading(text, ListenerRecord.parse(text));
            last = reading;
        }
        return reading.record;
    }
}
