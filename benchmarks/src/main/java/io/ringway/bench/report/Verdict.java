package io.ringway.bench.report;

/**
 * What the figures say about a claim. A figure is NaN where no run has brought it.
 *
 * @param claim what is claimed
 * @param base what Ringway is compared with
 * @param value Ringway's
 */
public record Verdict(Claim claim, double base, double value) {
    /** How it turned out. */
    public enum State {
        MET("met"),
        NOT_MET("NOT MET"),
        NOT_MEASURED("not measured"),
        NOTHING_ASKED("–");

        private final String words;

        State(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    double ratio() {
        return claim.bound().ratio(claim.figure().metric(), value, base);
    }

    State state() {
        if (Double.isNaN(value) || (Double.isNaN(base) && claim.bound() != Bound.AT_MOST)) {
            return State.NOT_MEASURED;
        }
        if (claim.bound() == Bound.NONE) {
            return State.NOTHING_ASKED;
        }
        return claim.bound().holds(claim.asked(), value, base, ratio()) ? State.MET : State.NOT_MET;
    }
}
