package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.PathReason;
import io.ringway.Settings;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Resolution;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What tests of processes in several directories need; each factory of channels is a process of its own to the others. */
final class SeveralPorts {
    private static final long WAIT = TimeUnit.SECONDS.toNanos(20);
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    private SeveralPorts() {}

    static ChannelFactory guest(Path... directories) {
        return guest(new String[0], directories);
    }

    /** With settings as key and value, one after the other. */
    static ChannelFactory guest(String[] settings, Path... directories) {
        Properties given = new Properties();
        given.setProperty(
                "ringway.fabric.directory",
                Arrays.stream(directories).map(Path::toString).collect(Collectors.joining(",")));
        given.setProperty("ringway.quiet", "true");
        given.setProperty("ringway.memory", "256m");
        for (int i = 0; i < settings.length; i += 2) {
            given.setProperty(settings[i], settings[i + 1]);
        }
        return new ChannelFactory(KernelProvider.JDK, Settings.of(given));
    }

    static ServerSocketChannel listen(ChannelFactory guest) throws IOException {
        return guest.openServerSocketChannel().bind(ANY);
    }

    /** A connected channel in blocking mode. */
    static SocketChannel connect(ChannelFactory guest, ServerSocketChannel server) throws IOException {
        SocketChannel channel = guest.openSocketChannel();
        channel.connect(server.getLocalAddress());
        return channel;
    }

    static PathReason reason(SocketChannel channel) {
        return assertInstanceOf(RingwaySocketChannel.class, channel).path().reason();
    }

    static AcceleratedPath path(SocketChannel channel) {
        return assertInstanceOf(AcceleratedPath.class, ((RingwaySocketChannel) channel).path());
    }

    /** The name of the port that carries the connection. */
    static String port(SocketChannel channel) {
        return path(channel).connection.stack().queue().port().name();
    }

    static Datapath datapath(ServerSocketChannel server) {
        return ((RingwayServerSocketChannel) server).datapath;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** So many bytes of a channel in blocking mode. */
    static String read(SocketChannel channel, int length) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            assertTrue(channel.read(in) >= 0, "the end came after " + in.position());
        }
        return new String(in.array(), StandardCharsets.US_ASCII);
    }

    /** Both ends block. */
    static void echo(SocketChannel client, SocketChannel server) throws IOException {
        client.write(bytes("over"));
        assertEquals("over", read(server, 4));
        server.write(bytes("back"));
        assertEquals("back", read(client, 4));
    }

    /** Connects from a port number that another process may have chosen as well. */
    static TcpConnection start(ChannelFactory guest, IpEndpoint remote) {
        Datapath datapath;
        try (RingwaySocketChannel channel = (RingwaySocketChannel) guest.openSocketChannel()) {
            datapath = channel.datapath;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertNull(datapath.obstacle());
        Resolution.Found found = (Resolution.Found) datapath.resolve(remote, null);
        return TcpConnection.connect(
                datapath.commonLane(found.route()).stack,
                found.route(),
                IpEndpoint.v4(0x7f000001, 20_000),
                remote,
                new TcpOptions(),
                () -> {},
                System.nanoTime());
    }

    /** How many records of that kind a directory has, in all network namespaces. */
    static int records(Path directory, String prefix) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return (int) files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }

    /** Waits until something holds. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + WAIT;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, () -> "never: " + what);
            Thread.sleep(1);
        }
    }
}
