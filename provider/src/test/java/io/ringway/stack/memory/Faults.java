package io.ringway.stack.memory;

/**
 * What a wire does to packets: each a probability from 0 to 1; delays in nanoseconds.
 *
 * @param delay every packet
 * @param reorderDelay a reordered packet in addition
 */
public record Faults(
        double loss, double duplication, double reordering, double corruption, long delay, long reorderDelay) {
    public static final Faults NONE = new Faults(0, 0, 0, 0, 50_000, 0);

    public static Faults loss(double probability) {
        return new Faults(probability, 0, 0, 0, 50_000, 0);
    }

    /** A little of everything. */
    public static Faults all(double loss) {
        return new Faults(loss, 0.02, 0.05, 0.01, 50_000, 300_000);
    }
}
