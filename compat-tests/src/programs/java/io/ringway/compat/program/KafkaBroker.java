package io.ringway.compat.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** A Kafka broker, which is its own controller, in a JVM of its own. */
final class KafkaBroker implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String CLUSTER = "MkU3OEVBNTcwNTJENDM2Qk";

    private final ChildJvm child;
    private final InetSocketAddress address;

    private KafkaBroker(ChildJvm child, InetSocketAddress address) {
        this.child = child;
        this.address = address;
    }

    /** Starts one with its files in that directory, and returns when it takes connections. */
    static KafkaBroker start(Path directory, boolean onJdk) throws Exception {
        InetSocketAddress address = Loopback.refusing();
        Path configuration =
                configure(directory, address.getPort(), Loopback.refusing().getPort());
        format(configuration);
        ChildJvm child =
                onJdk ? ChildJvm.startOnJdk(Kafka.class, configuration) : ChildJvm.start(Kafka.class, configuration);
        KafkaBroker broker = new KafkaBroker(child, address);
        try {
            Await.until("the broker accepts", START, broker::accepts);
        } catch (Throwable e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    private static Path configure(Path directory, int port, int controllerPort) throws IOException {
        String properties = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:%2$d
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            controller.listener.names=CONTROLLER
            log.dirs=%3$s
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            group.initial.rebalance.delay.ms=0
            """.formatted(port, controllerPort, directory.resolve("log"));
        return Files.writeString(directory.resolve("server.properties"), properties);
    }

    private static void format(Path configuration) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        String[] arguments = {"format", "-t", CLUSTER, "-c", configuration.toString()};
        int status = StorageTool.execute(arguments, new PrintStream(output, true, UTF_8));
        assertEquals(0, status, () -> output.toString(UTF_8));
    }

    /** By a kernel socket, which is no connection of Ringway's. */
    private boolean accepts() {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** For a client's {@code bootstrap.servers}. */
    String servers() {
        return "127.0.0.1:" + address.getPort();
    }

    @Override
    public void close() {
        child.close();
    }
}
