package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.memory.Words;
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
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
                Link from, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
            for (int i = 0; i < headerLength; i += 8) {
                sum += headers[i >>> 3];
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
            for (int round = 0; round < 70; round++) {
                Random random = new Random(seed + round);
                given += attack(port, queue, random, round % 7, "seed " + (seed + round) + ", round " + round);
                Frames.sendInline(good, fromGood, round, 20);
                Recorder recorder = new Recorder(queue);
                while (recorder.count() == 0) {
                    queue.receive(recorder, 64);
                }
                recorder.assertNumbers(round, round + 1);
                goodFrames++;
            }
            assertEquals(70, goodFrames);
            FabricCounters counted = queue.counters();
            String message = "seed " + seed;
            assertTrue(counted.garbageSlots() > 0, message);
            assertTrue(counted.garbageStamps() > 0, message);
            assertTrue(counted.garbageCursors() > 0, message);
            assertTrue(counted.garbageReleases() > 0, message);
            assertTrue(counted.garbageRings() > 0, message);
            assertTrue(given > 0, message);
            assertEquals(0, counted.badFrees(), message);
        }
    }

    private Link connect(FabricPort port, FabricQueue queue) {
        Resolution found = port.resolve(Guest.loopback(VICTIM), null);
        return port.link(queue, assertInstanceOf(Resolution.Found.class, found).route());
    }

    /** One attacker from start to end; 1 if the victim gave it up. */
    private int attack(FabricPort port, FabricQueue queue, Random random, int mode, String message) throws Exception {
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
            answer(queue, back, random, 0);
            weapon.receive(new Victim(weapon, toVictim), 64);
            try {
                for (int step = 0; step < 400 && victim.gone == 0; step++) {
                    for (int i = random.nextInt(10); i >= 0; i--) {
                        scribble(hostile, (FabricLink) toVictim, random, mode);
                    }
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

    /** One wrong word: in mode 0 anywhere, otherwise of one kind only, so that none hides the others. */
    private static void scribble(FabricPort port, FabricLink link, Random random, int mode) {
        Words own = port.memory();
        long pair = Layout.CHUNK + (Layout.PAIR_BYTES + 255 & -256);
        long block = Layout.block(own.get(pair + Layout.PAIR_TABLE));
        switch (mode) {
            case 0 -> own.setRelease(random.nextLong(4 * Layout.CHUNK) & -8, value(random));
            case 1, 6 -> publishGarbage(own, link, random, mode == 1);
            case 2 -> own.setRelease(block + 128L * random.nextInt(3), small(random));
            case 3 -> pretendReleases(own, block, random);
            case 4 -> own.setRelease(pair + 8L * random.nextInt(80), value(random));
            default -> own.setRelease(Layout.queueLine(random.nextInt(3)) + 8L * random.nextInt(2), small(random));
        }
        if (mode == 1 || mode == 4) {
            own.increment(pair + Layout.PAIR_NOTICE);
        }
    }

    private static void publishGarbage(Words own, FabricLink link, Random random, boolean stamped) {
        if (link.lag() >= 15) {
            return;
        }
        long slot = link.slots + (link.position & 15) * Layout.SLOT;
        for (int i = 8; i < Layout.SLOT; i += 8) {
            own.set(slot + i, value(random));
        }
        own.setRelease(slot, stamped ? ++link.position : value(random));
    }

    private static void pretendReleases(Words own, long block, Random random) {
        for (int i = 0; i < 40; i++) {
            own.setInt(block + Layout.COMPLETIONS + 4L * i, random.nextInt(1 << 13));
        }
        own.setRelease(block + Layout.RELEASED, random.nextInt(40));
    }

    private static long small(Random random) {
        return random.nextInt(8) == 0 ? value(random) : random.nextInt(4);
    }

    private static long value(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(40);
            case 2 -> random.nextLong() >>> random.nextInt(64);
            case 3 ->
                Layout.descriptor(random.nextInt(256), random.nextInt(70000), random.nextBoolean(), random.nextInt(3));
            case 4 -> (long) random.nextInt(1 << 13) << 32 | random.nextInt(1 << 17);
            case 5 -> Layout.tableValue(random.nextInt(3), random.nextLong(1L << 25));
            default -> -1 - random.nextInt(100);
        };
    }
}
