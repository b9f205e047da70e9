package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.RingwaySelectorProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that write garbage into all that they share while they talk: the server gives them up and serves the rest. */
@Timeout(120)
class HostilePeerTest {
    private static final String DIRECTORY = "ringway.fabric.directory";
    private static final int ATTACKS = 4;

    @TempDir
    Path directory;

    private final RingwaySelectorProvider provider = new RingwaySelectorProvider();
    private final List<Process> children = new ArrayList<>();
    private ServerSocketChannel listener;
    private Selector selector;
    private Thread server;
    private volatile Throwable failure;
    private volatile int closed; // by the server's thread only

    @BeforeEach
    void serve() throws IOException {
        System.setProperty(DIRECTORY, directory.resolve("fabric").toString());
        try {
            listener = provider.openServerSocketChannel();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } finally {
            System.clearProperty(DIRECTORY);
        }
        selector = provider.openSelector();
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        server = Thread.ofPlatform().start(this::echo);
    }

    @AfterEach
    void stop() throws Exception {
        children.forEach(Process::destroyForcibly);
        selector.close();
        server.join();
        listener.close();
    }

    private void echo() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        try {
            while (selector.isOpen()) {
                selector.select(key -> serve(key, buffer), 1_000);
            }
        } catch (Throwable e) {
            if (selector.isOpen()) {
                failure = e;
            }
        }
    }

    private void serve(SelectionKey key, ByteBuffer buffer) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = listener.accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.register(selector, SelectionKey.OP_READ);
                }
                return;
            }
            SocketChannel channel = (SocketChannel) key.channel();
            boolean ended = channel.read(buffer.clear()) < 0;
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (ended) {
                channel.close();
                closed++;
            }
        } catch (IOException e) {
            close(key);
        }
    }

    private void close(SelectionKey key) {
        closed++;
        try {
            key.channel().close();
        } catch (IOException e) {
            failure = e;
        }
    }

    private Process start(long seed, long hostileAfter) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-D" + DIRECTORY + "=" + directory.resolve("fabric"),
                "-Dringway.strict=true",
                "-cp",
                System.getProperty("java.class.path"),
                HostilePeer.class.getName(),
                Integer.toString(((InetSocketAddress) listener.getLocalAddress()).getPort()),
                Long.toString(seed),
                Long.toString(hostileAfter));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        children.add(process);
        assertEquals("connected", process.inputReader().readLine());
        return process;
    }

    @Test
    void garbageFromSomeProcesses_noOtherConnectionNotices() throws Exception {
        Process honest = start(1, 0);
        long seed = System.nanoTime();
        for (int i = 0; i < ATTACKS; i++) {
            Process hostile = start(seed + i, 50);
            assertEquals("done", hostile.inputReader().readLine(), "seed " + (seed + i));
            hostile.waitFor();
            assertTrue(honest.isAlive(), "seed " + (seed + i));
        }
        Process late = start(2, 0);
        assertRounds(late);
        assertRounds(honest);
        int expected = (2 + ATTACKS) * 3;
        while (closed < expected) {
            Thread.sleep(5);
        }
        assertEquals(null, failure);
        long garbage = 0;
        for (Lane lane : datapath().lanes()) {
            garbage += lane.queue.garbage() + lane.stack.counters().malformed;
        }
        assertTrue(garbage > 0, "nothing was counted");
        assertTrue(server.isAlive());
        assertTrue(listener.isOpen());
    }

    /** What the provider's channels share. */
    private Datapath datapath() throws IOException {
        try (SocketChannel any = provider.openSocketChannel()) {
            return assertInstanceOf(RingwaySocketChannel.class, any).datapath;
        }
    }

    private static void assertRounds(Process process) throws Exception {
        process.outputWriter().write("end\n");
        process.outputWriter().flush();
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        assertTrue(line != null && line.startsWith("rounds ") && !line.equals("rounds 0"), line);
        assertEquals(0, process.waitFor());
    }
}
