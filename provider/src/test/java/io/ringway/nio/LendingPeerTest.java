package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory on loan between two processes, one of which is killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LendingPeerTest {
    private static final int SIZE = RegisteredBuffers.MAX_SIZE;
    private static final int COUNT = 6;

    @TempDir
    Path directory;

    private RegisteredPair pair;
    private ServerSocketChannel listener;
    private Process child;

    @BeforeEach
    void open() throws Exception {
        pair = new RegisteredPair(directory);
        listener = pair.channels.openServerSocketChannel().bind(new InetSocketAddress("127.0.0.1", 0));
    }

    @AfterEach
    void close() throws Exception {
        if (child != null) {
            child.destroyForcibly();
        }
        listener.close();
        pair.close();
    }

    private SocketChannel start(String role, int count) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dringway.fabric.directory=" + directory.resolve("fabric"),
                "-Dringway.strict=true",
                "-cp",
                System.getProperty("java.class.path"),
                LendingPeer.class.getName(),
                Integer.toString(((InetSocketAddress) listener.getLocalAddress()).getPort()),
                role,
                Integer.toString(count));
        child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        SocketChannel accepted = listener.accept();
        assertTrue(((RingwaySocketChannel) accepted).isAccelerated());
        return accepted;
    }

    private void awaitDone(String said) throws IOException {
        assertEquals("done " + said, child.inputReader().readLine());
    }

    private void kill() throws InterruptedException {
        child.destroyForcibly();
        child.waitFor();
    }

    @Test
    void whatAKilledProcessSentCanBeReadUntilItIsReleased() throws Exception {
        SocketChannel channel = start("send", COUNT);
        awaitDone("0");
        List<RegisteredBuffer> received = new ArrayList<>();
        for (int i = 0; i < COUNT / 2; i++) {
            received.add(pair.buffers.receive(channel));
        }
        kill();
        for (int i = COUNT / 2; i < COUNT; i++) {
            received.add(pair.buffers.receive(channel));
        }
        assertTrue(pair.buffers.receive(channel).isEndOfStream());
        channel.close();
        channel = null;
        // Everything else lets go of the peer's memory.
        ByteBuffer first = received.getFirst().buffer();
        for (int i = 0; i < 10; i++) {
            System.gc();
            pair.channels.openSelector().close();
            Thread.sleep(10);
        }
        for (int i = 0; i < COUNT; i++) {
            assertTrue(received.get(i).isByReference());
            RegisteredPair.assertBytes(SIZE, i, received.get(i).buffer());
        }
        received.forEach(RegisteredBuffer::release);
        assertThrows(IllegalStateException.class, () -> first.get(0));
        assertEquals(0, pair.memory().receivedPinned());
    }

    @Test
    void whatAKilledProcessHeldComesHome() throws Exception {
        SocketChannel channel = start("hold", COUNT * SIZE);
        for (int i = 0; i < COUNT; i++) {
            pair.buffers.write(channel, pair.filled(SIZE, i));
        }
        awaitDone(Integer.toString(COUNT));
        for (Lane lane : pair.datapath().lanes()) {
            lane.poll(System.nanoTime());
            lane.reclaim();
        }
        assertEquals((long) COUNT * SIZE, pair.memory().pinned());
        kill();
        pair.awaitFramesHome();
        channel.close();
    }

    @Test
    void aProcessThatHoldsAllDoesNotStopTheOthers() throws Exception {
        SocketChannel channel = start("hold", 200 * SIZE);
        for (int i = 0; i < 200; i++) {
            pair.buffers.write(channel, pair.filled(SIZE, i));
        }
        String said = child.inputReader().readLine();
        // It may lend half a megabyte; the rest was copied, and its frames are free.
        assertEquals("done 8", said);
        for (int i = 0; i < 50; i++) {
            RegisteredBuffer out = pair.filled(SIZE, i);
            assertTrue(out.isByReference());
            pair.buffers.write(pair.client, out);
            try (RegisteredBuffer in = pair.buffers.receive(pair.server)) {
                RegisteredPair.assertBytes(SIZE, i, in.buffer());
            }
        }
        channel.close();
    }
}
