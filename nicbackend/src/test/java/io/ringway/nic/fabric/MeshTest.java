package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues of several threads, all talking to all, with frames and releases that change hands as moved connections do. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MeshTest {
    private static final int THREADS = 3;
    private static final int FRAMES = 10_000;

    private final long seed = System.nanoTime();
    private final AtomicInteger sending = new AtomicInteger(THREADS);
    private final AtomicInteger busy = new AtomicInteger(THREADS);
    private final List<Node> nodes = new ArrayList<>();

    /** One queue and its thread. */
    private final class Node implements FrameHandler, Runnable {
        final int index;
        final FabricPort port;
        final FabricQueue queue;
        final Random random;
        final int[] sentTo = new int[THREADS];
        final int[] receivedFrom = new int[THREADS];
        final Queue<Long> toRelease = new ConcurrentLinkedQueue<>();
        final Queue<long[]> toSend = new ConcurrentLinkedQueue<>();

        @Nullable
        Throwable failure;

        Node(int index, FabricPort port) {
            this.index = index;
            this.port = port;
            this.queue = port.openQueue();
            this.random = new Random(seed + index);
        }

        @Override
        public void run() {
            try {
                for (int sent = 0; sent < FRAMES; sent++) {
                    send();
                    turn();
                }
                sending.decrementAndGet();
                while (sending.get() > 0 || !finished()) {
                    turn();
                }
            } catch (Throwable e) {
                failure = e;
                sending.set(-THREADS);
            } finally {
                busy.decrementAndGet();
            }
            // Others may still need what this one has to pass on.
            while (busy.get() > 0) {
                turn();
            }
        }

        private boolean finished() {
            int expected = 0;
            int received = 0;
            for (Node node : nodes) {
                expected += node.sentTo[index];
                received += receivedFrom[node.index];
            }
            return sending.get() < 0 || expected == received && toRelease.isEmpty() && toSend.isEmpty();
        }

        private void turn() {
            queue.receive(this, 1 + random.nextInt(16));
            for (Long frame = toRelease.poll(); frame != null; frame = toRelease.poll()) {
                queue.release(frame);
            }
            for (long[] moved = toSend.poll(); moved != null; moved = toSend.poll()) {
                sendFrame((int) moved[0], moved[1], (int) moved[2]);
            }
            queue.flush();
        }

        private void send() {
            int to = random.nextInt(THREADS);
            if (random.nextInt(3) != 0) {
                while (!Frames.trySendInline(queue, link(to), sentTo[to], random.nextInt(190))) {
                    turn();
                }
                sentTo[to]++;
                return;
            }
            int length = 1 + random.nextInt(20_000);
            long frame = queue.allocate(length);
            while (frame == 0) {
                turn();
                frame = queue.allocate(length);
            }
            if (random.nextInt(4) == 0) {
                nodes.get(random.nextInt(THREADS)).toSend.add(new long[] {to, frame, length});
            } else {
                sendFrame(to, frame, length);
            }
        }

        private void sendFrame(int to, long frame, int length) {
            while (link(to).lag() == 16) {
                queue.receive(this, 16);
            }
            Frames.fill(queue, frame, sentTo[to], length);
            Frames.commitFramed(queue, link(to), sentTo[to], frame, 0, length);
            sentTo[to]++;
            queue.free(frame);
        }

        private Link link(int to) {
            return queue.link(port.self(), nodes.get(to).queue.id());
        }

        @Override
        public void onFrame(
                Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
            Node from = nodes.get(((FabricLink) source).target);
            int number = Frames.number(headers);
            assertEquals(receivedFrom[from.index], number);
            assertEquals(true, Frames.payloadIsRight(payload, at, number, length));
            receivedFrom[from.index]++;
            if (frame != 0) {
                nodes.get(random.nextInt(THREADS)).toRelease.add(frame);
            }
        }

        @Override
        public void onPeerGone(Peer peer) {
            throw new IllegalStateException(peer.name());
        }
    }

    @Test
    void everythingArrivesOnceAndEveryFrameComesBack() throws Exception {
        FabricSettings settings =
                FabricSettings.defaults().withMemoryBytes(48 << 20).withSlotsPerRing(16);
        try (FabricPort port = FabricPort.open(settings)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                nodes.add(new Node(i, port));
            }
            nodes.forEach(node -> threads.add(Thread.ofPlatform().start(node)));
            for (Thread thread : threads) {
                thread.join();
            }
            String message = "seed " + seed;
            for (Node node : nodes) {
                assertNull(node.failure, message + ": " + node.failure);
            }
            for (int round = 0; round < 2 * THREADS; round++) {
                for (Node node : nodes) {
                    node.turn();
                    node.queue.harvest();
                }
            }
            for (Node node : nodes) {
                assertEquals(
                        0,
                        node.queue.counters().garbage() + node.queue.counters().badFrees(),
                        message);
                for (int to = 0; to < THREADS; to++) {
                    assertEquals(0, node.link(to).pinned(), message);
                }
            }
            nodes.forEach(node -> node.queue.close());
            port.housekeep();
            port.housekeep();
            nodes.forEach(node -> assertNull(port.queue(node.queue.id()), message + ": a frame is lost"));
        }
    }
}
