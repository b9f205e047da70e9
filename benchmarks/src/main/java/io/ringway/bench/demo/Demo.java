package io.ringway.bench.demo;

import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.JdkFinder;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.PairRun;
import io.ringway.bench.run.Progress;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Table;
import io.ringway.bench.run.Workload;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Runs unmodified plain NIO and Netty programs in pairs of JVMs, alternately on the JDK's provider and on Ringway, and
 * prints how they compare. Takes less than two minutes.
 */
public final class Demo {
    /** All went well. */
    public static final int OK = 0;
    /** A run failed. */
    public static final int FAILED = 1;
    /** Called wrongly. */
    public static final int USAGE = 2;
    /** Ringway carried no connection in at least one run. */
    public static final int NOT_ACTIVE = 3;

    private static final int ROUNDS = 3;
    private static final long BUDGET_SECONDS = 114;
    private static final Set<Metric> COLUMNS =
            EnumSet.of(Metric.P50, Metric.P99, Metric.P999, Metric.RATE, Metric.STREAM, Metric.CPU);
    private static final List<Workload> WORKLOADS = List.of(
            Workload.named("nio-ping").with("warmup=2.5"),
            Workload.named("nio-stream-64k").with("warmup=1.5"),
            Workload.named("nio-stream-1k").with("warmup=1.5"),
            Workload.named("nio-paced").with("warmup=2", "seconds=1.5"),
            Workload.named("netty-ping").with("warmup=2.5"),
            Workload.named("netty-many").with("warmup=3.5"),
            Workload.named("netty-stream-64k").with("warmup=1.5"));

    private Demo() {}

    /** {@code java -jar benchmarks-demo.jar <ringway.jar> [options]}, see {@link #run}. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.err.println("Usage: java -jar benchmarks-demo.jar <ringway.jar> [--agent] [--quick]");
            System.exit(USAGE);
        }
        String[] options = Arrays.copyOfRange(args, 1, args.length);
        System.exit(run(Path.of(args[0]), ownJar(), System.out, options));
    }

    /**
     * Runs the demonstration on the calling thread.
     *
     * @param ringwayJar Ringway
     * @param demoJar the jar that holds this class and the programs
     * @param out where progress and table go
     * @param options {@code --agent}: install Ringway by its agent instead of the flag; {@code --quick}: one round
     * @return an exit code: {@link #OK}, {@link #FAILED}, {@link #USAGE} or {@link #NOT_ACTIVE}
     */
    public static int run(Path ringwayJar, Path demoJar, PrintStream out, String... options)
            throws InterruptedException {
        List<String> chosen = List.of(options);
        Path jar = ringwayJar.toAbsolutePath();
        if (!Files.isRegularFile(jar) || !List.of("--agent", "--quick").containsAll(chosen)) {
            out.println(
                    Files.isRegularFile(jar)
                            ? "Unknown option among " + chosen + "; there are --agent and --quick"
                            : "There is no file " + ringwayJar);
            return USAGE;
        }
        boolean agent = chosen.contains("--agent");
        Provider ringway = agent ? Provider.ringwayByAgent(jar) : Provider.ringwayByFlag(jar);
        Path java;
        try {
            java = JdkFinder.java();
        } catch (IllegalStateException e) {
            out.println(e.getMessage());
            return USAGE;
        }
        PairRun runner = new PairRun(java, demoJar.toAbsolutePath());
        Comparison comparison = new Comparison(runner, WORKLOADS, List.of(Provider.jdk(), ringway));
        introduce(out, ringway);
        comparison.run(chosen.contains("--quick") ? 1 : ROUNDS, BUDGET_SECONDS, new Progress(out), null);
        out.println();
        new Table(comparison, COLUMNS).print(out);
        return conclude(out, comparison);
    }

    private static void introduce(PrintStream out, Provider ringway) {
        out.println("Unmodified programs, a server and a client in two JVMs on this host, alternately on the JDK's"
                + " provider and on Ringway");
        out.println("(" + ringway.flags().getFirst()
                + "), each after a warm-up of 1 to 3.5 s. Takes less than two minutes.");
    }

    private static int conclude(PrintStream out, Comparison comparison) {
        comparison.failures().forEach(failure -> out.println("FAILED " + failure));
        if (comparison.ringwayMissing()) {
            out.println("Ringway was NOT ACTIVE in at least one workload: its figures there are not its own.");
            return NOT_ACTIVE;
        }
        return comparison.failures().isEmpty() ? OK : FAILED;
    }

    private static Path ownJar() throws URISyntaxException {
        return Path.of(
                Demo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
