package io.ringway.bench.pairs;

import java.util.HashMap;
import java.util.Map;

/** The {@code key=value} arguments of a pair program. */
final class Options {
    private final Map<String, String> values = new HashMap<>();

    /** Reads {@code args} from index {@code from}. */
    static Options of(String[] args, int from) {
        Options options = new Options();
        for (int i = from; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("Not key=value: " + args[i]);
            }
            options.values.put(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        return options;
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    int integer(String key, int otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    double number(String key, double otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : Double.parseDouble(value);
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(values.get(key));
    }
}
