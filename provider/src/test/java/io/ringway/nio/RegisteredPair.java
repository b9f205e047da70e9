package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.PathReason;
import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import io.ringway.Settings;
import io.ringway.nic.fabric.FabricQueue;
import io.ringway.nic.offload.RegisteredMemory;
import io.ringway.stack.StackCounters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/** A provider of its own, two connected channels of it, and what it counts. */
final class RegisteredPair implements AutoCloseable {
    private static final long WAIT = TimeUnit.SECONDS.toNanos(20);

    final ChannelFactory channels;
    final SocketChannel client;
    final SocketChannel server;
    final RegisteredBuffers buffers;
    private final StackCounters before = new StackCounters();

    /** With settings as key and value, one after the other. */
    RegisteredPair(Path directory, String... settings) throws IOException {
        Properties given = new Properties();
        given.setProperty(
                "ringway.fabric.directory", directory.resolve("fabric").toString());
        given.setProperty("ringway.quiet", "true");
        for (int i = 0; i < settings.length; i += 2) {
            given.setProperty(settings[i], settings[i + 1]);
        }
        channels = new ChannelFactory(KernelProvider.JDK, Settings.of(given));
        try (ServerSocketChannel listener = channels.openServerSocketChannel()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            client = channels.openSocketChannel();
            client.configureBlocking(false);
            boolean connected = client.connect(listener.getLocalAddress());
            server = listener.accept();
            client.configureBlocking(true);
            assertTrue(connected || client.finishConnect());
        }
        buffers = RegisteredBuffers.of(client);
        awaitWarmUp();
        before.bytesCopiedIn = sum(c -> c.bytesCopiedIn);
        before.bytesCopiedOut = sum(c -> c.bytesCopiedOut);
    }

    /** The process sends itself something after its first listener, and counts it. */
    static void awaitWarmUp() {
        try {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("ringway-warm-up")) {
                    assertTrue(thread.join(Duration.ofNanos(WAIT)));
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void assertAccelerated() {
        assertEquals(PathReason.FABRIC, ((RingwaySocketChannel) client).path().reason());
        assertEquals(PathReason.FABRIC, ((RingwaySocketChannel) server).path().reason());
    }

    Datapath datapath() {
        return ((RingwaySocketChannel) client).datapath;
    }

    RegisteredMemory memory() {
        return datapath().registeredMemory();
    }

    /** What a counter of all stacks has counted since the channels were connected. */
    long sum(ToLongFunction<StackCounters> counter) {
        long sum = -counter.applyAsLong(before);
        for (Lane lane : datapath().lanes()) {
            sum += counter.applyAsLong(lane.stack.counters());
        }
        return sum;
    }

    /** A buffer on loan with {@code size} bytes that follow from {@code seed}, ready to be sent. */
    RegisteredBuffer filled(int size, int seed) {
        RegisteredBuffer buffer = buffers.allocate(size);
        fill(buffer.buffer(), seed);
        return buffer;
    }

    static void fill(ByteBuffer target, int seed) {
        for (int i = 0; target.hasRemaining(); i++) {
            target.put((byte) (seed + i * 31));
        }
        target.flip();
    }

    /** Checks that these are the bytes that {@link #filled} has put there. */
    static void assertBytes(int size, int seed, ByteBuffer actual) {
        assertEquals(size, actual.remaining());
        for (int i = 0; i < size; i++) {
            assertEquals((byte) (seed + i * 31), actual.get(actual.position() + i));
        }
    }

    /** Waits until all frames that were sent are free again, and checks that none is on loan. */
    void awaitFramesHome() throws InterruptedException {
        await("the frames are home", () -> {
            for (Lane lane : datapath().lanes()) {
                lane.poll(System.nanoTime());
                lane.reclaim();
            }
            return memory().pinned() == 0;
        });
        assertEquals(0, memory().receivedPinned());
        for (Lane lane : datapath().lanes()) {
            assertEquals(0, ((FabricQueue) lane.queue).counters().badFrees());
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

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
