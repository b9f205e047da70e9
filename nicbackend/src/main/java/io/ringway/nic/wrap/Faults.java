package io.ringway.nic.wrap;

import java.util.concurrent.TimeUnit;

/**
 * What a bad wire does to packets on their way out. Probabilities are per packet, from 0 to 1.
 *
 * @param seed of the choices: the same seed and the same packets give the same faults
 * @param loss a packet disappears
 * @param duplicate it comes twice
 * @param reorder it waits while others pass it
 * @param corrupt one of its bits changes
 * @param delayNanos how long every packet waits
 */
public record Faults(long seed, double loss, double duplicate, double reorder, double corrupt, long delayNanos) {
    private static final int MOST_DELAY_MICROS = 1_000_000;

    /** For people: what {@link #parse} takes. */
    public static final String ALLOWED =
            "loss, duplicate, reorder, corrupt = 0 to 1, delay = microseconds, seed = a number; separated by , or ;";

    /**
     * Reads {@code loss=0.01,seed=7} and the like; what is not named is 0.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Faults parse(String text) {
        long seed = 0;
        double[] chances = new double[4];
        long delay = 0;
        for (String part : text.split("[,;]", -1)) {
            String[] pair = part.trim().split("=", -1);
            if (pair.length != 2) {
                throw new IllegalArgumentException(part);
            }
            switch (pair[0].trim()) {
                case "seed" -> seed = Long.parseLong(pair[1].trim());
                case "loss" -> chances[0] = chance(pair[1]);
                case "duplicate" -> chances[1] = chance(pair[1]);
                case "reorder" -> chances[2] = chance(pair[1]);
                case "corrupt" -> chances[3] = chance(pair[1]);
                case "delay" -> delay = delay(pair[1]);
                default -> throw new IllegalArgumentException(part);
            }
        }
        return new Faults(seed, chances[0], chances[1], chances[2], chances[3], delay);
    }

    private static double chance(String text) {
        double value = Double.parseDouble(text.trim());
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static long delay(String text) {
        int micros = Integer.parseInt(text.trim());
        if (micros < 0 || micros > MOST_DELAY_MICROS) {
            throw new IllegalArgumentException(text);
        }
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }
}
