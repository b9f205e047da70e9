package io.ringway.nic;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counters of one port, by name, summed over its queues. One thread. */
public final class PortCounters {
    private final Map<String, Long> values = new LinkedHashMap<>();

    /** Adds to the counter of this name. */
    public void add(String name, long value) {
        values.merge(name, value, Long::sum);
    }

    /** All counters, in the order in which they were first added. */
    public Map<String, Long> values() {
        return values;
    }
}
