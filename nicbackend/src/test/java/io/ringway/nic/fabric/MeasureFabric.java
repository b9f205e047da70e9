package io.ringway.nic.fabric;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Resolution;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the fabric alone, between two JVMs: round trips of 64 bytes behind 40 bytes of headers, both ends spinning,
 * and streams with one copy in and one copy out. Asserts nothing. Arguments: none, or slots per ring.
 */
public final class MeasureFabric implements FrameHandler {
    private static final int LISTENER = 5001;
    private static final int HEADERS = 40;
    private static final int PAYLOAD = 64;
    private static final int ROUNDS = 200_000;
    private static final long STREAM = 4L << 30;
    private static final long WINDOW = 2 << 20;

    private final FabricPort port;
    private final FabricQueue queue;
    private final MemorySegment buffer = Arena.global().allocate(1 << 16, 64);
    private final boolean echo;
    private long frames;
    private long bytes;
    private boolean gone;

    private MeasureFabric(Path directory, int slots, boolean echo) throws IOException {
        this.port = FabricPort.open(FabricSettings.defaults()
                .withDirectory(directory)
                .withSlotsPerRing(slots)
                .withAnswerMillis(2000));
        this.queue = port.openQueue();
        this.echo = echo;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 2) {
            new MeasureFabric(Path.of(args[1]), Integer.parseInt(args[0]), true).serve();
            return;
        }
        int slots = args.length == 1 ? Integer.parseInt(args[0]) : 512;
        Path directory = Files.createTempDirectory("ringway-measure").resolve("fabric");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MeasureFabric.class.getName(),
                Integer.toString(slots),
                directory.toString());
        Process child = new ProcessBuilder(command).inheritIO().start();
        try {
            new MeasureFabric(directory, slots, false).measure();
        } finally {
            child.destroyForcibly();
        }
        System.exit(0);
    }

    private void serve() throws IOException {
        port.publish(Guest.loopback(LISTENER), false, queue);
        while (!gone) {
            queue.receive(this, 64);
        }
        System.exit(0);
    }

    private void measure() throws InterruptedException {
        Resolution found = port.resolve(Guest.loopback(LISTENER), null);
        while (!(found instanceof Resolution.Found)) {
            Thread.sleep(10);
            found = port.resolve(Guest.loopback(LISTENER), null);
        }
        Link link = port.link(queue, ((Resolution.Found) found).route());
        for (int i = 0; i < 5; i++) {
            roundTrips(link);
        }
        for (int size : new int[] {65536, 65536, 16384, 2048, 1024, 128}) {
            stream(link, size);
        }
        for (int i = 0; i < 5; i++) {
            resolve();
        }
    }

    private void roundTrips(Link link) {
        long[] nanos = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            send(link, PAYLOAD, 1);
            long before = frames;
            while (frames == before) {
                queue.receive(this, 64);
            }
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        print("round trip, 64 B: p50 %d ns, p99 %d ns", nanos[ROUNDS / 2], nanos[ROUNDS / 100 * 99]);
    }

    /** In the first byte of the headers: 1 to be echoed, 2 for the end of a stream. */
    private void send(Link link, int size, int kind) {
        boolean small = size <= Layout.INLINE - HEADERS;
        long frame = 0;
        if (!small) {
            while (link.pinned() > WINDOW) {
                queue.harvest();
            }
            frame = queue.allocate(size);
            MemorySegment.copy(buffer, 0, queue.memory(), frame, size);
        }
        long at = queue.claim(link, HEADERS, small ? size : 0);
        while (at < 0) {
            Thread.onSpinWait();
            at = queue.claim(link, HEADERS, small ? size : 0);
        }
        for (int i = 0; i < HEADERS; i += 8) {
            queue.memory().set(ValueLayout.JAVA_LONG, at + i, kind);
        }
        if (small) {
            MemorySegment.copy(buffer, 0, queue.memory(), at + HEADERS, size);
        }
        queue.commit(link, HEADERS, frame, frame, size);
        if (!small) {
            queue.free(frame);
        }
        queue.flush();
    }

    private void stream(Link link, int size) {
        long count = Math.min(STREAM / size, 4_000_000);
        long start = System.nanoTime();
        for (long i = 1; i < count; i++) {
            send(link, size, 0);
        }
        long before = frames;
        send(link, size, 2);
        while (frames == before) {
            queue.receive(this, 64);
        }
        double nanos = System.nanoTime() - start;
        print("stream of %d-byte frames: %.2f GB/s, %.0f ns per frame", size, count * size / nanos, nanos / count);
    }

    private void resolve() {
        int n = 20_000;
        long start = System.nanoTime();
        for (int i = 0; i < n; i++) {
            port.resolve(Guest.loopback(LISTENER), null);
            port.releaseLocalPort(Guest.SOMEWHERE, port.claimLocalPort(Guest.SOMEWHERE));
        }
        print("resolve and local port: %d ns", (System.nanoTime() - start) / n);
    }

    @SuppressWarnings({"SystemOut", "AnnotateFormatMethod"})
    private static void print(String format, Object... values) {
        System.out.println(String.format(format, values));
    }

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
        frames++;
        bytes += length;
        MemorySegment.copy(payload, at, buffer, 0, length);
        if (frame != 0) {
            queue.release(frame);
        }
        int kind = (int) (headers[0] >>> 56);
        if (echo && kind != 0) {
            send(source, kind == 1 ? length : 8, 1);
        }
    }

    @Override
    public void onPeerGone(Peer peer) {
        gone = true;
    }
}
