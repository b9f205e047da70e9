package io.ringway.bench.pairs;

import java.io.IOException;

/**
 * Main class of a server: {@code Server <kind> [key=value …]}. Prints {@code READY <address> <pid>} when it can be
 * reached and a {@link Result} line at the end; ends by itself when its clients have gone.
 */
public final class Server {
    /** First word of the line that tells the address. */
    public static final String READY = "READY";

    private static final int IDLE_SECONDS = 30;
    private static final int LIFE_SECONDS = 300;

    private Server() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, 1);
        try (PairServer server = open(args[0], options)) {
            Watchdog.start(
                    server::progress,
                    options.integer("idle_seconds", IDLE_SECONDS),
                    options.integer("life_seconds", LIFE_SECONDS));
            System.out.println(READY + " " + server.address() + " "
                    + ProcessHandle.current().pid());
            server.serve();
            Result result = new Result().put("role", "server").put("kind", args[0]);
            server.report(result);
            ManagementBean.addTo(result);
            System.out.println(result);
        }
        System.exit(0);
    }

    private static PairServer open(String kind, Options options) throws IOException, InterruptedException {
        return switch (kind) {
            case "nio-echo" -> new NioEchoServer(options);
            case "nio-sink" -> new NioSinkServer(options);
            case "nio-mixed" -> new NioMixedServer(options);
            case "reference-sink" -> new ReferenceSinkServer(options);
            case "blocking-echo" -> new BlockingEchoServer(options);
            case "netty-echo" -> NettyServer.echo(options);
            case "netty-sink" -> NettyServer.sink(options);
            case "floor-echo" -> new FloorEchoServer(options);
            case "floor-sink" -> new FloorSinkServer(options);
            default -> throw new IllegalArgumentException("Unknown kind of server: " + kind);
        };
    }
}
