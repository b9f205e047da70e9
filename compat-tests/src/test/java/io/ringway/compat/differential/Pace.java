package io.ringway.compat.differential;

/**
 * How patient a scenario is. What one end does reaches the other after a moment, and that a call blocks can only be told
 * by waiting; a slower pace makes a chance difference disappear, and leaves a real one.
 *
 * @param settleMillis how long everything gets to have its effect after an operation
 * @param patience how often in a row a call must be seen waiting before it is said to block, at a millisecond's distance
 */
record Pace(int settleMillis, int patience) {
    private static final int BASE_SETTLE = 1;
    private static final int BASE_PATIENCE = 25;
    private static final int STEP = 4;

    /** The paces by which a difference is tried again; 0 is the first. */
    static final int COUNT = 3;

    static Pace of(int attempt) {
        int factor = 1;
        for (int i = 0; i < attempt; i++) {
            factor *= STEP;
        }
        return new Pace(BASE_SETTLE * factor, BASE_PATIENCE * factor);
    }
}
