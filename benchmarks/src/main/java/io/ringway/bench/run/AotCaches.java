package io.ringway.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's ahead-of-time caches (JEP 514) of programs: one for each program of each workload on each provider that has
 * them. A first run of the program makes its cache when it ends, every later one uses it. Temporary files.
 */
final class AotCaches {
    private @Nullable Path directory;

    /** Whether {@code program} has no cache yet: what it is run for then is to make one. */
    boolean isMissing(Provider provider, Workload workload, Class<?> program) throws IOException {
        return provider.cached() && !Files.exists(file(provider, workload, program));
    }

    /** JVM flags for the next run. */
    List<String> flags(Provider provider, Workload workload, Class<?> program) throws IOException {
        if (!provider.cached()) {
            return List.of();
        }
        Path file = file(provider, workload, program);
        if (Files.exists(file)) {
            return List.of("-XX:AOTCache=" + file, "-XX:AOTMode=on");
        }
        file.toFile().deleteOnExit();
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
