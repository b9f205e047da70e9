package io.ringway.bench.pairs;

import java.io.IOException;

/**
 * Main class of a client: {@code Client <kind> address=<what the server printed> [key=value …]}. Loads the server for a
 * bounded time and prints one {@link Result} line.
 */
public final class Client {
    private static final int LIFE_SECONDS = 300;

    private Client() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, 1);
        Watchdog.start(() -> 0, options.integer("life_seconds", LIFE_SECONDS), LIFE_SECONDS);
        Result result = new Result().put("role", "client").put("kind", args[0]);
        try (Load load = open(args[0], options)) {
            measure(load, options, result);
            ManagementBean.addTo(result);
            System.out.println(result);
        }
        System.exit(0);
    }

    private static void measure(Load load, Options options, Result result) throws Exception {
        long self = ProcessHandle.current().pid();
        long server = options.integer("server_pid", 0);
        double warmUp = options.number("warmup", 1);
        Phases phases = new Phases();
        ProcessCost.of(self).nanosSince(ProcessCost.of(server)); // loads the classes
        load.start(phases);
        Thread.sleep((long) (warmUp * 1000));
        ProcessCost serverBefore = ProcessCost.of(server);
        ProcessCost clientBefore = ProcessCost.of(self);
        phases.begin();
        phases.await(options.number("seconds", 1));
        long clientNanos = ProcessCost.of(self).nanosSince(clientBefore);
        long serverNanos = ProcessCost.of(server).nanosSince(serverBefore);
        phases.stop();
        load.finish();
        result.put("seconds", phases.seconds());
        result.put("client_cpu_ns", clientNanos).put("server_cpu_ns", serverNanos);
        load.report(result);
    }

    private static Load open(String kind, Options options) throws IOException {
        return switch (kind) {
            case "nio-ping" -> new NioPingLoad(options);
            case "nio-first" -> new NioFirstLoad(options);
            case "nio-wake" -> new NioWakeLoad(options);
            case "nio-rate" -> new NioRateLoad(options);
            case "nio-paced" -> new NioPacedLoad(options);
            case "nio-connect" -> new NioConnectLoad(options);
            case "nio-stream" -> new NioStreamLoad(options);
            case "nio-mixed" -> new NioMixedLoad(options);
            case "reference-stream" -> new ReferenceStreamLoad(options);
            case "nio-transfer" -> new NioTransferLoad(options);
            case "pipe-ping" -> new PipePingLoad(options);
            case "blocking-ping" -> new BlockingPingLoad(options);
            case "netty-ping" -> new NettyPingLoad(options);
            case "netty-stream" -> new NettyStreamLoad(options);
            case "floor-ping" -> new FloorPingLoad(options);
            case "floor-stream" -> new FloorStreamLoad(options);
            default -> throw new IllegalArgumentException("Unknown kind of client: " + kind);
        };
    }
}
