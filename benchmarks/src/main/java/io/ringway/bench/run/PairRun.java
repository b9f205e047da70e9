package io.ringway.bench.run;

import io.ringway.bench.pairs.Client;
import io.ringway.bench.pairs.Result;
import io.ringway.bench.pairs.Server;
import io.ringway.bench.pairs.Start;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the two programs of a workload, each in a JVM of its own. */
public final class PairRun {
    private static final int READY_SECONDS = 30;
    private static final int END_SECONDS = 20;

    private final Path java;
    private final Path programs;
    private final AotCaches caches = new AotCaches();

    /**
     * @param java the launcher of the child JVMs
     * @param programs the jar that holds the programs; Ringway must not be in it
     */
    public PairRun(Path java, Path programs) {
        this.java = java;
        this.programs = programs;
    }

    /** Runs {@code workload} once. Never throws for what the programs do wrong: the outcome says it. */
    public Outcome run(Provider provider, Workload workload) throws InterruptedException {
        try {
            if (caches.isMissing(provider, workload, client(workload))) {
                Outcome first = runOnce(provider, workload);
                if (first.failed()) {
                    return first;
                }
            }
            return runOnce(provider, workload);
        } catch (IOException e) {
            return new Outcome(Map.of(), Map.of(), Double.NaN, String.valueOf(e.getMessage()));
        }
    }

    private Outcome runOnce(Provider provider, Workload workload) throws IOException, InterruptedException {
        return workload.server().isEmpty() ? alone(provider, workload) : pair(provider, workload);
    }

    private static Class<?> client(Workload workload) {
        return workload.life() ? Start.class : Client.class;
    }

    private Outcome alone(Provider provider, Workload workload) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        try (Child child = new Child(command(provider, client(workload), workload.client(), workload))) {
            String line = child.await(Result.PREFIX, limitSeconds(workload));
            child.awaitEnd(END_SECONDS);
            return new Outcome(Result.parse(line), Map.of(), (System.nanoTime() - begun) / 1e6, "");
        }
    }

    private Outcome pair(Provider provider, Workload workload) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Provider peer = workload.kernel() ? Provider.jdk() : provider;
        try (Child server = new Child(command(peer, Server.class, workload.server(), workload))) {
            String[] ready = told("server", server, Server.READY, READY_SECONDS).split(" ");
            TimeUnit.SECONDS.sleep(workload.rest());
            List<String> command = command(provider, Client.class, workload.client(), workload);
            command.add("address=" + ready[1]);
            command.add("server_pid=" + ready[2]);
            try (Child client = new Child(command)) {
                String result = told("client", client, Result.PREFIX, limitSeconds(workload));
                String served = told("server", server, Result.PREFIX, END_SECONDS);
                client.awaitEnd(END_SECONDS);
                server.awaitEnd(END_SECONDS);
                double wallMillis = (System.nanoTime() - begun) / 1e6;
                return outcome(workload, Result.parse(result), Result.parse(served), wallMillis);
            }
        }
    }

    /** A run whose measured part was over before the first message says nothing. */
    private static Outcome outcome(
            Workload workload, Map<String, String> client, Map<String, String> server, double wallMillis) {
        boolean counts =
                workload.shows().contains(Metric.P50) || workload.shows().contains(Metric.RATE);
        boolean nothing = counts && "0".equals(client.get("messages"));
        return new Outcome(client, server, wallMillis, nothing ? "no message in the measured part" : "");
    }

    private static String told(String who, Child child, String word, double seconds)
            throws IOException, InterruptedException {
        try {
            return child.await(word, seconds);
        } catch (IOException e) {
            throw new IOException(who + " " + e.getMessage(), e);
        }
    }

    private static double limitSeconds(Workload workload) {
        return READY_SECONDS
                + END_SECONDS
                + Double.parseDouble(workload.options().getOrDefault("warmup", "1"))
                + Double.parseDouble(workload.options().getOrDefault("seconds", "1"));
    }

    private List<String> command(Provider provider, Class<?> main, String kind, Workload workload) throws IOException {
        List<String> classPath = new ArrayList<>(List.of(programs.toString()));
        provider.classPath().forEach(path -> classPath.add(path.toString()));
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(workload.flags());
        command.addAll(provider.flags());
        command.addAll(caches.flags(provider, workload, main));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main.getName(), kind));
        workload.options().forEach((key, value) -> command.add(key + "=" + value));
        command.addAll(provider.options());
        return command;
    }
}
