package io.ringway.compat.differential;

/** Prints the transcripts of scenarios, each after a line with its seed. Arguments: attempt, first seed, number of seeds, runs. */
final class Transcripts {
    static final String SEED = "seed";
    static final String END = "end";

    private Transcripts() {}

    public static void main(String[] arguments) throws Exception {
        Pace pace = Pace.of(Integer.parseInt(arguments[0]));
        long first = Long.parseLong(arguments[1]);
        long count = Long.parseLong(arguments[2]);
        int runs = Integer.parseInt(arguments[3]);
        for (long i = 0; i < count * runs; i++) {
            long seed = first + i / runs;
            System.out.println(SEED + " " + seed);
            for (String line : Scenario.run(seed, pace)) {
                System.out.println(line);
            }
            System.out.println(END);
            System.out.flush();
        }
        System.exit(0);
    }
}
