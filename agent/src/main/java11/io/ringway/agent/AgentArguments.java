package io.ringway.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Arguments of the agent: {@code key=value,key=value}. The prefix {@code ringway.} may be left out. A comma that isn't
 * followed by {@code key=} belongs to the value before it, so that lists need no quoting. Which keys and values are
 * allowed is the provider's affair.
 */
final class AgentArguments {
    private static final String PREFIX = "ringway.";

    private final Map<String, String> values = new LinkedHashMap<>();

    private AgentArguments() {}

    /** Throws IllegalArgumentException if the text doesn't begin with {@code key=}, or has a key twice. */
    static AgentArguments parse(String text) {
        AgentArguments arguments = new AgentArguments();
        if (text == null || text.trim().isEmpty()) {
            return arguments;
        }
        String key = null;
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                key = qualified(part.substring(0, equals).trim());
                arguments.add(key, part.substring(equals + 1).trim());
            } else if (key == null || equals == 0) {
                throw new IllegalArgumentException(
                        "agent argument '" + part + "' is not of the form key=value,key=value");
            } else {
                arguments.values.merge(key, part.trim(), (first, rest) -> first + "," + rest);
            }
        }
        return arguments;
    }

    /** Makes each a system property, unless the user has set that one on the command line. */
    void publish() {
        for (Map.Entry<String, String> entry : values.entrySet()) {
            if (System.getProperty(entry.getKey()) == null) {
                System.setProperty(entry.getKey(), entry.getValue());
            }
        }
    }

    Map<String, String> values() {
        return values;
    }

    private void add(String key, String value) {
        if (values.put(key, value) != null) {
            throw new IllegalArgumentException("agent argument '" + key + "' is given twice");
        }
    }

    private static String qualified(String key) {
        return key.startsWith(PREFIX) ? key : PREFIX + key;
    }
}
