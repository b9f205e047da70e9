package io.ringway.bench.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the programs of a pair run on.
 *
 * @param name short, for the command line
 * @param title for tables
 * @param flags of both JVMs
 * @param classPath in addition to the programs' own
 * @param options arguments in addition to the workload's
 * @param ringway whether Ringway is expected to be active
 * @param cached whether programs start from the JDK's ahead-of-time cache, which a first run makes
 */
public record Provider(
        String name,
        String title,
        List<String> flags,
        List<Path> classPath,
        List<String> options,
        boolean ringway,
        boolean cached) {

    private static final String PROPERTY =
            "-Djava.nio.channels.spi.SelectorProvider=io.ringway.RingwaySelectorProvider";
    private static final String BEAN = "-Dbench.bean=io.ringway:type=Ringway";

    /** The JDK's own. */
    public static Provider jdk() {
        return new Provider("jdk", "JDK", List.of(), List.of(), List.of(), false, false);
    }

    /** Ringway by the JDK's property. */
    public static Provider ringwayByFlag(Path jar) {
        return new Provider("ringway", "Ringway", List.of(PROPERTY, BEAN), List.of(jar), List.of(), true, false);
    }

    /** Ringway by its agent. */
    public static Provider ringwayByAgent(Path jar) {
        return new Provider(
                "ringway-agent",
                "Ringway, agent",
                List.of("-javaagent:" + jar, BEAN),
                List.of(),
                List.of(),
                true,
                false);
    }

    /** One of Netty's own transports. */
    public static Provider netty(String name, String title, String... options) {
        return new Provider(name, title, List.of(), List.of(), List.of(options), false, false);
    }

    /** The same with further JVM flags. */
    public Provider withFlags(List<String> more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(more);
        return new Provider(name, title, all, classPath, options, ringway, cached);
    }

    /** The same with the JDK's ahead-of-time cache. */
    public Provider withCache() {
        return new Provider(name + "-aot", title + ", AOT cache", flags, classPath, options, ringway, true);
    }

    /** Whether {@code workload} makes sense on it. */
    public boolean runs(Workload workload) {
        if (workload.floor()) {
            return name.equals("jdk");
        }
        if (workload.references()) {
            return ringway;
        }
        return options.isEmpty() || workload.netty();
    }

    /** Which way the connections of {@code outcome} took, as far as the programs can tell. */
    String path(Outcome outcome) {
        if (!ringway) {
            return "kernel";
        }
        if (!"present".equals(outcome.client().get("bean"))) {
            return "NOT ACTIVE";
        }
        double accelerated = outcome.number("bean.AcceleratedConnections");
        double kernel = outcome.number("bean.KernelConnections");
        return accelerated > 0
                ? "%.0f of %.0f accelerated".formatted(accelerated, accelerated + kernel)
                : "kernel, NONE ACCELERATED";
    }
}
