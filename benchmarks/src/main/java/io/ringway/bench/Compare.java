package io.ringway.bench;

import io.ringway.bench.pairs.EncodedHistogram;
import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.JdkFinder;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.PairRun;
import io.ringway.bench.run.Progress;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Table;
import io.ringway.bench.run.Workload;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares providers side by side: {@code java -cp benchmarks-demo.jar io.ringway.bench.Compare --help}. */
public final class Compare {
    private static final String HELP = """
        Runs pairs of programs alternately on several providers and prints medians and ratios.

          --ringway <jar>       ringway.jar; needed for the providers ringway and ringway-agent
          --providers <a,b,…>   jdk, ringway, ringway-agent, epoll, epoll-spin, io_uring (default: jdk,ringway);
                                -aot after one of the first three: with the JDK's ahead-of-time cache
          --workloads <a,b,…>   names as --list shows them, or "all" (default: nio-ping,netty-ping)
          --rounds <n>          how often to alternate (default: 5)
          --set <key>=<value>   argument of the programs, for instance seconds=2, warmup=3, size=1024 (repeatable)
          --flag <p>:<flag>     JVM flag of provider p, for instance ringway:-Dringway.profile=latency (repeatable)
          --raw                 also print the result lines of every run
          --list                print all workloads
        """;

    private final Map<String, String> single = new LinkedHashMap<>();
    private final List<String> settings = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private boolean raw;

    /** Ends the name of a provider with the JDK's ahead-of-time cache. */
    private static final String AOT = "-aot";

    private Compare() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0 || Arrays.asList(args).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        if (Arrays.asList(args).contains("--list")) {
            Workload.ALL.forEach(workload -> System.out.printf("%-20s %s%n", workload.name(), workload.title()));
            return;
        }
        try {
            System.exit(new Compare().parse(args).run());
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private Compare parse(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--raw")) {
                raw = true;
                continue;
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value; see --help");
            }
            String value = args[++i];
            switch (args[i - 1]) {
                case "--set" -> settings.add(value);
                case "--flag" -> flags.add(value);
                case "--ringway", "--providers", "--workloads", "--rounds" -> single.put(args[i - 1], value);
                default -> throw new IllegalArgumentException("Unknown option " + args[i - 1] + "; see --help");
            }
        }
        return this;
    }

    private int run() throws InterruptedException, URISyntaxException {
        List<Provider> providers = new ArrayList<>();
        for (String name : single.getOrDefault("--providers", "jdk,ringway").split(",")) {
            providers.add(withFlags(provider(name)));
        }
        PairRun runner = new PairRun(JdkFinder.java(), ownJar());
        Comparison comparison = new Comparison(runner, workloads(), providers);
        int rounds = Integer.parseInt(single.getOrDefault("--rounds", "5"));
        comparison.run(rounds, Long.MAX_VALUE, new Progress(System.out), raw ? this::print : null);
        new Table(comparison, EnumSet.allOf(Metric.class)).print(System.out);
        comparison.failures().forEach(failure -> System.out.println("FAILED " + failure));
        if (comparison.ringwayMissing()) {
            System.out.println("Ringway was NOT ACTIVE in at least one workload.");
        }
        return comparison.failures().isEmpty() && !comparison.ringwayMissing() ? 0 : 1;
    }

    private List<Workload> workloads() {
        String names = single.getOrDefault("--workloads", "nio-ping,netty-ping");
        String[] more = settings.toArray(String[]::new);
        if (names.equals("all")) {
            return Workload.ALL.stream().map(workload -> workload.with(more)).toList();
        }
        return Arrays.stream(names.split(","))
                .map(name -> Workload.named(name).with(more))
                .toList();
    }

    private Provider provider(String name) {
        return switch (name) {
            case "jdk" -> Provider.jdk();
            case "ringway" -> Provider.ringwayByFlag(ringwayJar());
            case "ringway-agent" -> Provider.ringwayByAgent(ringwayJar());
            case "epoll" -> Provider.netty(name, "Netty epoll", "transport=epoll");
            case "epoll-spin" -> Provider.netty(name, "Netty epoll, spinning", "transport=epoll", "busy=true");
            case "io_uring" -> Provider.netty(name, "Netty io_uring", "transport=io_uring");
            case "jdk-aot", "ringway-aot", "ringway-agent-aot" ->
                provider(name.substring(0, name.length() - AOT.length())).withCache();
            default -> throw new IllegalArgumentException("No provider is called " + name + "; see --help");
        };
    }

    private Provider withFlags(Provider provider) {
        String prefix = provider.name() + ":";
        List<String> own = flags.stream()
                .filter(flag -> flag.startsWith(prefix))
                .map(flag -> flag.substring(prefix.length()))
                .toList();
        return provider.withFlags(own);
    }

    private Path ringwayJar() {
        @Nullable String jar = single.get("--ringway");
        if (jar == null) {
            throw new IllegalArgumentException("--ringway <jar> is needed for provider ringway");
        }
        return Path.of(jar).toAbsolutePath();
    }

    private void print(Workload workload, Provider provider, int round, io.ringway.bench.run.Outcome outcome) {
        Map<String, String> figures = new LinkedHashMap<>(outcome.client());
        figures.remove(EncodedHistogram.KEY);
        System.out.printf(
                "RAW workload=%s provider=%s round=%d client=%s server=%s%n",
                workload.name(), provider.name(), round, figures, outcome.server());
    }

    private static Path ownJar() throws URISyntaxException {
        return Path.of(Compare.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
