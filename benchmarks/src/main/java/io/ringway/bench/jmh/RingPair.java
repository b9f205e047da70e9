package io.ringway.bench.jmh;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Resolution;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricSettings;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Two device queues of one process on the shared-memory NIC, and the link from the first to the second. */
final class RingPair implements AutoCloseable {
    static final int HEADERS = 40;

    private static final long MEMORY = 64L << 20;

    /** Takes frames, gives them back, and remembers the way to their sender. */
    static final class Sink implements FrameHandler {
        private final DeviceQueue queue;
        private @Nullable Link source;

        Sink(DeviceQueue queue) {
            this.queue = queue;
        }

        Link source() {
            Link known = source;
            if (known == null) {
                throw new IllegalStateException("Nothing received yet");
            }
            return known;
        }

        @Override
        public void onFrame(
                Link from,
                long[] headers,
                int headerLength,
                MemorySegment payload,
                long payloadOffset,
                int payloadLength,
                long frame) {
            source = from;
            if (frame != 0) {
                queue.release(frame);
            }
        }

        @Override
        public void onPeerGone(Peer peer) {
            throw new IllegalStateException("This process is gone");
        }
    }

    final DeviceQueue first;
    final DeviceQueue second;
    final Link link;
    private final FabricPort port;
    private final ServerSocketChannel listener;
    private final AutoCloseable record;

    private RingPair() throws IOException {
        port = FabricPort.open(FabricSettings.defaults()
                .withMemoryBytes(MEMORY)
                .withDirectory(Files.createTempDirectory("ringway-bench")));
        first = port.openQueue();
        second = port.openQueue();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        IpEndpoint bound = IpEndpoint.of((InetSocketAddress) listener.getLocalAddress());
        record = port.publish(bound, false, second);
        link = switch (port.resolve(bound, null)) {
            case Resolution.Found found -> port.link(first, found.route());
            case Resolution.Refused refused -> throw new IllegalStateException("No route: " + refused.reason());
        };
    }

    static RingPair open() {
        try {
            return new RingPair();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends {@code length} bytes of payload in the slot. */
    static void sendInline(DeviceQueue queue, Link link, int length) {
        if (queue.claim(link, HEADERS, length) < 0) {
            throw new IllegalStateException("Ring full");
        }
        queue.commit(link, HEADERS, 0, 0, length);
        queue.flush();
    }

    /** Sends a frame of {@code length} bytes. */
    static void sendFrame(DeviceQueue queue, Link link, int length) {
        long frame = queue.allocate(length);
        if (frame == 0 || queue.claim(link, HEADERS, 0) < 0) {
            throw new IllegalStateException("No frame, or ring full");
        }
        queue.commit(link, HEADERS, frame, frame, length);
        queue.free(frame);
        queue.flush();
    }

    @Override
    public void close() throws Exception {
        record.close();
        listener.close();
        port.close();
    }
}
