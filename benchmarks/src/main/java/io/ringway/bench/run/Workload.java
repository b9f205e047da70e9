package io.ringway.bench.run;

import static io.ringway.bench.run.Metric.ALLOCATED;
import static io.ringway.bench.run.Metric.CPU;
import static io.ringway.bench.run.Metric.MAX;
import static io.ringway.bench.run.Metric.OTHER;
import static io.ringway.bench.run.Metric.P50;
import static io.ringway.bench.run.Metric.P99;
import static io.ringway.bench.run.Metric.P999;
import static io.ringway.bench.run.Metric.RATE;
import static io.ringway.bench.run.Metric.STREAM;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A pair of programs with their arguments, and what to show of it.
 *
 * @param name short, for the command line
 * @param title for tables
 * @param server kind of server, empty for a program that runs alone
 * @param client kind of client
 * @param options arguments of both
 * @param flags of both JVMs
 * @param shows what to show
 * @param other the client's key for {@link Metric#OTHER}, or empty
 */
public record Workload(
        String name,
        String title,
        String server,
        String client,
        Map<String, String> options,
        List<String> flags,
        Set<Metric> shows,
        String other) {

    private static final String PEER = "peer=jdk";

    /** With all pages of the heap touched at the start, what is mapped changes by what is not heap. */
    private static final List<String> FIXED_HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

    private static final Set<Metric> LATENCY = EnumSet.of(P50, P99, P999, MAX, RATE, CPU, ALLOCATED);
    private static final Set<Metric> THROUGHPUT = EnumSet.of(RATE, STREAM, CPU, ALLOCATED);
    private static final Set<Metric> ONLY_OTHER = EnumSet.of(OTHER);

    /** All there are. */
    public static final List<Workload> ALL = List.of(
            ping("nio-ping", "plain NIO ping-pong, 64 B"),
            of("floor-ping", "floor: 64 B each way through shared memory, spinning", "floor-echo", "floor-ping"),
            ping("nio-ping-set", "plain NIO ping-pong by selectedKeys, 64 B", "keys=set"),
            ping("nio-ping-spin", "plain NIO ping-pong by selectNow, spinning, 64 B", "keys=spin"),
            ping("nio-ping-16k", "plain NIO ping-pong, 16 KiB", "size=16384"),
            ping("nio-ping-8", "plain NIO ping-pong, 8 connections, 64 B", "connections=8"),
            ping("nio-many", "plain NIO, 64 connections at once, 64 B", "connections=64"),
            idle("nio-idle", "plain NIO ping-pong beside 1,000 idle connections (other: KiB each)")
                    .with("idle=1000", "life_seconds=60"),
            idle("nio-idle-10k", "plain NIO ping-pong beside 10,000 idle connections (other: KiB each)")
                    .with("idle=10000", "life_seconds=120"),
            ping("nio-ping-10", "plain NIO ping-pong, 10 connections, 64 B", "connections=10"),
            ping(
                    "nio-registered",
                    "the same beside 9,990 idle connections",
                    "connections=10",
                    "idle=9990",
                    "life_seconds=90"),
            ping("kernel-ping", "plain NIO ping-pong with a server on the JDK's provider, 64 B", PEER),
            ping("kernel-ping-10", "the same, 10 connections", PEER, "connections=10"),
            ping(
                    "kernel-registered",
                    "the same beside 9,990 idle connections",
                    PEER,
                    "connections=10",
                    "idle=9990",
                    "life_seconds=90"),
            stream("kernel-stream-64k", "stream to a server on the JDK's provider, 64 KiB writes", "nio", 1 << 16)
                    .with(PEER),
            of("pipe-ping", "Pipe ping-pong of two threads, blocking, 64 B", "", "pipe-ping"),
            of("pipe-ping-select", "Pipe ping-pong of two threads with selectors, 64 B", "", "pipe-ping")
                    .with("selector=true"),
            of("transfer", "FileChannel.transferTo of 1 GB, blocking channel", "nio-sink", "nio-transfer")
                    .with("gigabytes=1", "seconds=60", "warmup=0", "rounds=4")
                    .showing("", THROUGHPUT),
            of("nio-silent", "idle processes (other: CPU ms per second)", "nio-echo", "nio-ping")
                    .with("silent=true", "seconds=5")
                    .showing("cpu_ms_per_second", ONLY_OTHER),
            of("nio-wake", "one message after each 100 ms of silence", "nio-echo", "nio-wake")
                    .with("stamps=true", "warmup=3", "seconds=5", "gap_ms=100")
                    .showing("", EnumSet.of(P50, P99)),
            of("nio-wake-one-way", "the same, from client to server only (other: ns, p50)", "nio-echo", "nio-wake")
                    .with("stamps=true", "warmup=3", "seconds=5", "gap_ms=100")
                    .showing("one_way_p50_ns", ONLY_OTHER),
            of("nio-first", "first 1,000 messages of two fresh JVMs (other: ms)", "nio-echo", "nio-first")
                    .with("warmup=0", "seconds=20")
                    .showing("first_ms", ONLY_OTHER),
            of("nio-first-later", "the same, the server started 3 s before (other: ms)", "nio-echo", "nio-first")
                    .with("warmup=0", "seconds=20", "rest=3")
                    .showing("first_ms", ONLY_OTHER),
            of("nio-first-connect", "the same, until connected (other: ms)", "nio-echo", "nio-first")
                    .with("warmup=0", "seconds=20")
                    .showing("connect_ms", ONLY_OTHER),
            of("nio-rate", "plain NIO, 10,000 messages/s over 10 connections in ticks", "nio-echo", "nio-rate")
                    .with("connections=10", "rate=10000", "seconds=3")
                    .showing("", EnumSet.of(P50, P99, RATE, CPU)),
            of("nio-paced", "plain NIO, 10,000 messages/s over 10 connections evenly", "nio-echo", "nio-paced")
                    .with("connections=10", "rate=10000", "seconds=3")
                    .showing("", EnumSet.of(P50, P99, RATE, CPU)),
            of("nio-connect", "connect, one request, close", "nio-echo", "nio-connect")
                    .with("warmup=4", "seconds=2")
                    .showing("", EnumSet.of(P50, P99, P999, MAX, RATE, CPU)),
            stream("nio-stream-64k", "plain NIO stream, 64 KiB writes", "nio", 1 << 16),
            stream("floor-stream-64k", "floor: stream through a ring in shared memory, 64 KiB", "floor", 1 << 16),
            stream("nio-stream-1k", "plain NIO stream, 1 KiB writes", "nio", 1 << 10),
            beside(0, 1 << 16, "plain NIO ping-pong, 64 B, before streams are opened beside it"),
            beside(1, 1 << 16, "the same beside a stream of 64 KiB writes on the same device queue"),
            beside(1, 1 << 10, "the same beside a stream of 1 KiB writes"),
            beside(8, 1 << 16, "the same beside 8 streams of 64 KiB writes"),
            stream(
                    "reference-stream-64k",
                    "stream by registered buffers, 64 KiB, each looked at",
                    "reference",
                    1 << 16),
            stream("copied-stream-64k", "the same by ordinary writes and reads", "reference", 1 << 16)
                    .with("copy=true"),
            stream("floor-stream-1k", "floor: stream through a ring in shared memory, 1 KiB", "floor", 1 << 10),
            of("blocking-ping", "blocking SocketChannel ping-pong, 64 B", "blocking-echo", "blocking-ping"),
            of("virtual-ping", "blocking ping-pong on virtual threads, 64 B", "blocking-echo", "blocking-ping")
                    .with("virtual=true"),
            netty("netty-ping", "Netty ping-pong, 64 B"),
            netty("netty-ping-spin", "Netty ping-pong, event loops spinning, 64 B", "busy=true"),
            netty(
                    "netty-many",
                    "Netty, 64 connections at once, 2 workers, 64 B",
                    "connections=64",
                    "threads=2",
                    "workers=2"),
            stream("netty-stream-64k", "Netty stream, 64 KiB writes", "netty", 1 << 16),
            stream("netty-stream-1k", "Netty stream, 1 KiB writes", "netty", 1 << 10),
            of("start-none", "start and end of a JVM without TCP (other: ms)", "", "none")
                    .showing("wall_ms", ONLY_OTHER),
            of("start-tcp", "start and end of a JVM with one connection (other: ms)", "", "tcp")
                    .showing("wall_ms", ONLY_OTHER));

    /** The workload called {@code name}. */
    public static Workload named(String name) {
        return ALL.stream()
                .filter(workload -> workload.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No workload is called " + name));
    }

    private static Workload of(String name, String title, String server, String client) {
        return new Workload(name, title, server, client, Map.of(), List.of(), LATENCY, "");
    }

    private static Workload ping(String name, String title, String... options) {
        return of(name, title, "nio-echo", "nio-ping").with(options);
    }

    private static Workload idle(String name, String title) {
        EnumSet<Metric> shows = EnumSet.copyOf(LATENCY);
        shows.add(OTHER);
        Map<String, String> options = Map.of("memory", "true");
        return new Workload(name, title, "nio-echo", "nio-ping", options, FIXED_HEAP, shows, "idle_kib_per_connection");
    }

    private static Workload netty(String name, String title, String... options) {
        return of(name, title, "netty-echo", "netty-ping").with(options);
    }

    private static Workload stream(String name, String title, String family, int size) {
        return of(name, title, family + "-sink", family + "-stream")
                .with("size=" + size, "nagle=true")
                .showing("", THROUGHPUT);
    }

    private static Workload beside(int streams, int piece, String title) {
        String name = streams == 0 ? "nio-beside-none" : "nio-beside-" + streams + "x" + (piece >> 10) + "k";
        return of(name, title, "nio-mixed", "nio-mixed")
                .with("streams=" + streams, "piece=" + piece)
                .showing("", EnumSet.of(P50, P99, P999, RATE, STREAM));
    }

    private Workload showing(String key, Set<Metric> metrics) {
        EnumSet<Metric> all = EnumSet.copyOf(metrics);
        if (!key.isEmpty()) {
            all.add(OTHER);
        }
        return new Workload(name, title, server, client, options, flags, all, key);
    }

    /** The same with further arguments, each {@code key=value}. */
    public Workload with(String... more) {
        Map<String, String> all = new TreeMap<>(options);
        for (String option : more) {
            int equals = option.indexOf('=');
            all.put(option.substring(0, equals), option.substring(equals + 1));
        }
        return new Workload(name, title, server, client, all, flags, shows, other);
    }

    /** Whether the programs use Netty. */
    public boolean netty() {
        return client.startsWith("netty");
    }

    /** Whether the server runs on the JDK's provider, whatever the client runs on. */
    public boolean kernel() {
        return "jdk".equals(options.get("peer"));
    }

    /** So long the server runs before the client starts, in seconds. */
    int rest() {
        return Integer.parseInt(options.getOrDefault("rest", "0"));
    }

    /** Whether what counts is the life of one program from start to end. */
    boolean life() {
        return name.startsWith("start");
    }

    /** Whether the programs use what only Ringway has. */
    public boolean references() {
        return client.startsWith("reference");
    }

    /** Whether the programs use no sockets at all, so that providers can't differ. */
    public boolean floor() {
        return client.startsWith("floor");
    }
}
