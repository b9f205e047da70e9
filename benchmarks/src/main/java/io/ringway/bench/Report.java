package io.ringway.bench;

import io.ringway.bench.report.Claim;
import io.ringway.bench.report.Findings;
import io.ringway.bench.report.Machine;
import io.ringway.bench.report.Page;
import io.ringway.bench.report.Summary;
import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.JdkFinder;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.PairRun;
import io.ringway.bench.run.Progress;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Table;
import io.ringway.bench.run.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures everything that is claimed of Ringway, prints whether it holds, and names every figure in which Ringway is
 * slower than the JDK's provider: {@code java -cp benchmarks-demo.jar io.ringway.bench.Report --help}.
 */
@Command(
        name = "Report",
        sortOptions = false,
        description = "Measures what is claimed of Ringway, side by side with the JDK's provider, and says where it is"
                + " slower. The exit code is 0 whether claims are met or not, 1 if a run failed.")
public final class Report implements Callable<Integer> {
    private static final String CLAIMS = "claims";
    private static final String ALL = "all";

    /** What a workload has that says nothing else itself. */
    private static final List<String> DEFAULTS = List.of("warmup=3", "seconds=2");

    @Option(names = "--ringway", required = true, paramLabel = "<jar>", description = "ringway.jar")
    private Path ringway = Path.of("");

    @Option(names = "--html", paramLabel = "<file>", description = "also write a page with percentile plots")
    private @Nullable Path html;

    @Option(
            names = "--rounds",
            paramLabel = "<n>",
            defaultValue = "3",
            description = "how often to alternate (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "<a>",
            defaultValue = ALL,
            description = "workloads as Compare --list names them, \"claims\" for those that a claim speaks of, or"
                    + " \"all\" (default)")
    private List<String> only = List.of();

    @Option(
            names = "--set",
            paramLabel = "<key>=<value>",
            description = "argument of the programs, for instance seconds=1, warmup=1 (repeatable)")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--flag",
            paramLabel = "<flag>",
            description = "JVM flag of Ringway's JVMs, for instance -Dringway.profile=latency (repeatable)")
    private List<String> flags = List.of();

    @Option(names = "--help", usageHelp = true, description = "print this")
    private boolean help;

    private final PrintStream out;

    private Report(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(execute(System.out, args));
    }

    /** Runs the command on the calling thread and returns its exit code: 2 if it was called wrongly. */
    static int execute(PrintStream out, String... args) {
        return new CommandLine(new Report(out))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(failure.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .execute(args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.exists(ringway)) {
            throw new IllegalArgumentException("There is no file " + ringway);
        }
        Path jar = ringway.toAbsolutePath();
        Path java = JdkFinder.java();
        Map<String, String> machine = Machine.describe(java, jar);
        PairRun runner = new PairRun(java, Path.of(System.getProperty("java.class.path")));
        Comparison comparison = new Comparison(runner, workloads(), providers(jar));
        comparison.run(rounds, Long.MAX_VALUE, new Progress(out), null);
        Findings findings = new Findings(comparison);
        new Table(comparison, EnumSet.allOf(Metric.class)).print(out);
        out.println();
        new Summary(findings).print(out);
        machine.forEach((name, value) -> out.println(name + ": " + value));
        if (html != null) {
            Files.writeString(html, new Page(findings, machine).html());
            out.println("Written to " + html.toAbsolutePath());
        }
        return conclude(comparison);
    }

    private int conclude(Comparison comparison) {
        comparison.failures().forEach(failure -> out.println("FAILED " + failure));
        if (comparison.ringwayMissing()) {
            out.println("Ringway was NOT ACTIVE in at least one workload: its figures there are not its own.");
        }
        return comparison.failures().isEmpty() && !comparison.ringwayMissing() ? 0 : 1;
    }

    private List<Provider> providers(Path jar) {
        return List.of(
                Provider.jdk(),
                Provider.ringwayByFlag(jar).withFlags(flags),
                Provider.netty("epoll-spin", "Netty epoll, spinning", "transport=epoll", "busy=true"));
    }

    private List<Workload> workloads() {
        only.stream().filter(name -> !name.equals(ALL) && !name.equals(CLAIMS)).forEach(Workload::named);
        return Workload.ALL.stream().filter(this::wanted).map(this::configured).toList();
    }

    private boolean wanted(Workload workload) {
        return only.contains(ALL)
                || only.contains(workload.name())
                || (only.contains(CLAIMS) && Claim.ALL.stream().anyMatch(claim -> claim.speaksOf(workload)));
    }

    private Workload configured(Workload workload) {
        List<String> more = new ArrayList<>(DEFAULTS);
        workload.options().forEach((key, value) -> more.add(key + "=" + value));
        settings.forEach((key, value) -> more.add(key + "=" + value));
        return workload.with(more.toArray(String[]::new));
    }
}
