package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Resolution;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A peer that writes garbage into all that it shares: its victim counts, gives it up, and serves everybody else. */
@Timeout(120)
class HostileTest {
    private static final int VICTIM = 5001;

    @TempDir
    Path directory;

    private FabricSettings settings() {
        return FabricSettings.defaults()
                .withDirectory(directory.resolve("fabric"))
                .withMemoryBytes(16 << 20)
                .withSlotsPerRing(16)
                .withAnswerMillis(5000);
    }

    /** Reads every byte that it is handed, and keeps frames for a while. */
    private static final class Victim implements FrameHandler {
        final FabricQueue queue;
        final Deque<Long> kept = new ArrayDeque<>();
        Link source;
        long frames;
        long sum;
        int gone;

        Victim(FabricQueue queue, Link source) {
            this.queue = queue;
            this.source = source;
        }

        @Override
        public void onFrame(
                Link from, MemorySegment headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
            for (int i = 0; i < headerLength; i++) {
                sum += headers.get(ValueLayout.JAVA_BYTE, i);
            }
            for (int i = 0; i < length; i++) {
                sum += payload.get(ValueLayout.JAVA_BYTE, at + i);
            }
            frames++;
            source = from;
            if (frame != 0) {
                kept.add(frame);
            }
        }

        @Override
        public void onPeerGone(Peer peer) {
            gone++;
        }
    }

    @Test
    void garbageInEveryWordIsSurvived() throws Exception {
        long seed = System.nanoTime();
        try (FabricPort port = FabricPort.open(settings());
                FabricPort innocent = FabricPort.open(settings())) {
            FabricQueue queue = port.openQueue();
            port.publish(Guest.loopback(VICTIM), false, queue);
            FabricQueue good = innocent.openQueue();
            Link fromGood = connect(innocent, good);
            int given = 0;
            int goodFrames = 0;
            for (int round = 0; round < 60; round++) {
                Random random = new Random(seed + round);
                given += attack(port, queue, random, "seed " + (seed + round));
                Frames.sendInline(good, fromGood, round, 20);
                Recorder recorder = new Recorder(queue);
                while (recorder.count() == 0) {
                    queue.receive(recorder, 64);
                }
                recorder.assertNumbers(round, round + 1);
                goodFrames++;
            }
            assertEquals(60, goodFrames);
            assertTrue(queue.counters().garbage() > 0, "no garbage was noticed, seed " + seed);
            assertTrue(given > 0, "no attacker was given up, seed " + seed);
            assertEquals(0, queue.counters().badFrees(), "seed " + seed);
        }
    }

    private Link connect(FabricPort port, FabricQueue queue) {
        Resolution found = port.resolve(Guest.loopback(VICTIM), null);
        return port.link(queue, assertInstanceOf(Resolution.Found.class, found).route());
    }

    /** One attacker from start to end; 1 if the victim gave it up. */
    private int attack(FabricPort port, FabricQueue queue, Random random, String message) throws Exception {
        try (FabricPort hostile = FabricPort.open(settings())) {
            FabricQueue weapon = hostile.openQueue();
            Link toVictim = connect(hostile, weapon);
            Frames.sendInline(weapon, toVictim, 0, 50);
            Frames.sendFramed(weapon, toVictim, 1, 5000);
            Link none = queue.link(port.self(), queue.id());
            Victim victim = new Victim(queue, none);
            while (victim.frames < 2) {
                queue.receive(victim, 64);
            }
            Link back = victim.source;
            try {
                for (int step = 0; step < 400 && victim.gone == 0; step++) {
                    scribble(hostile, random, step % 100 + 1);
                    queue.receive(victim, 1 + random.nextInt(30));
                    answer(queue, back, random, step);
                    if (random.nextInt(4) == 0 && !victim.kept.isEmpty()) {
                        queue.release(victim.kept.poll());
                    }
                    queue.harvest();
                    back.lag();
                }
            } catch (RuntimeException e) {
                throw new AssertionError(message, e);
            }
            victim.kept.forEach(queue::release);
            hostile.close();
            while (victim.gone == 0) {
                queue.receive(victim, 64);
                victim.kept.clear();
            }
            assertEquals(0, back.pinned(), message);
            return back.peer() instanceof FabricPeer peer && peer.hasFailed() ? 1 : 0;
        }
    }

    private static void answer(FabricQueue queue, Link back, Random random, int number) {
        if (random.nextBoolean()) {
            Frames.trySendInline(queue, back, number, 30);
            return;
        }
        long frame = queue.allocate(1 + random.nextInt(3000));
        if (frame == 0) {
            return;
        }
        if (queue.claim(back, 40, 0) >= 0) {
            queue.commit(back, 40, frame, frame, 100);
            queue.flush();
        }
        queue.free(frame);
    }

    private static void scribble(FabricPort port, Random random, int words) {
        for (int i = 0; i < words; i++) {
            Layout.setRelease(port.memory(), place(port, random), value(random));
        }
    }

    /** Mostly where it hurts: control blocks begin behind the first mebibyte, in the order in which they were made. */
    private static long place(FabricPort port, Random random) {
        long pairs = Layout.CHUNK;
        long rings = pairs + 2 * Layout.PAIR_BYTES;
        return switch (random.nextInt(10)) {
            case 0 -> Layout.queueLine(random.nextInt(2)) + 8L * random.nextInt(2);
            case 1 -> pairs + Layout.PAIR_BYTES + 8L * random.nextInt(64);
            case 2 -> pairs + Layout.PAIR_BYTES + Layout.PAIR_TABLE + 8L * random.nextInt(4);
            case 3, 4, 5 -> rings + 8L * random.nextInt(1200);
            case 6, 7 -> rings + Layout.RING_SLOTS + 256L * random.nextInt(18) + 8L * random.nextInt(8);
            case 8 -> 8L * random.nextInt(8);
            default -> random.nextLong(port.memory().byteSize()) & -8;
        };
    }

    private static long value(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(40);
            case 2 -> random.nextLong() >>> random.nextInt(64);
            case 3 -> Layout.descriptor(random.nextInt(256), random.nextInt(70000), random.nextBoolean(), random.nextInt(3));
            case 4 -> (long) random.nextInt(1 << 13) << 32 | random.nextInt(1 << 17);
            case 5 -> Layout.tableValue(random.nextInt(3), random.nextLong(1L << 25));
            default -> -1 - random.nextInt(100);
        };
    }
}
