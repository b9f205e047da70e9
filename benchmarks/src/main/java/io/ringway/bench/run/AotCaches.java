package io.ringway.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's ahead-of-time caches (JEP 514) of programs: one for each program of each workload on each provider that has
 * them. A first run of the program makes its cache when it ends, every later one uses it. Temporary files.
 */
final class AotCaches {
    private final Set<Path> begun = new HashSet<>();
    private @Nullable Path directory;

    /** Whether {@code program} has no cache yet: what it is run for then is to make one. */
    boolean isMissing(Provider provider, Workload workload, Class<?> program) throws IOException {
        return provider.cached() && !Files.exists(file(provider, workload, program));
    }

    /**
     * JVM flags for the next run.
     *
     * @throws IOException if an earlier run was to make a cache and didn't: nothing is measured without one
     */
    List<String> flags(Provider provider, Workload workload, Class<?> program) throws IOException {
        if (!provider.cached()) {
            return List.of();
        }
        Path file = file(provider, workload, program);
        if (Files.exists(file)) {
            return List.of("-XX:AOTCache=" + file, "-XX:AOTMode=on");
        }
        if (!begun.add(file)) {
            throw new IOException("the first run of " + program.getSimpleName() + " made no cache");
        }
        file.toFile().deleteOnExit();
        // What the JVM records beside it stays where no cache could be made of it.
        Path.of(file + ".config").toFile().deleteOnExit();
        return List.of("-XX:AOTCacheOutput=" + file);
    }

    private Path file(Provider provider, Workload workload, Class<?> program) throws IOException {
        Path place = directory;
        if (place == null) {
            place = Files.createTempDirectory("ringway-aot");
            place.toFile().deleteOnExit();
            directory = place;
        }
        return place.resolve(provider.name() + "-" + workload.name() + "-" + program.getSimpleName() + ".aot");
    }
}
