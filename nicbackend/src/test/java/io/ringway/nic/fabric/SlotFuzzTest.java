package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringway.linux.LinuxException;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Anything at all in slots, cursors, directories and completion entries, between the steps of two queues that exchange
 * frames. Here both are of one process, and what one of them shares is what the other one shares, too.
 */
class SlotFuzzTest {
    private static final int SLOTS = 16;
    private static final int STEPS = 200;

    private FabricPort port;
    private FabricQueue sender;
    private FabricQueue receiver;
    private FabricLink link;
    private long pair;
    private final Reader reader = new Reader();

    @FuzzTest(maxDuration = "60s")
    void whateverStandsInSharedMemoryIsSurvived(byte[] input) throws LinuxException {
        port = FabricPort.open(
                FabricSettings.defaults().withMemoryBytes(8 << 20).withSlotsPerRing(SLOTS));
        sender = port.openQueue();
        receiver = port.openQueue();
        link = sender.link(port.self(), receiver.id());
        pair = port.self().theirPair();
        reader.held.clear();
        try {
            play(new Script(input));
        } finally {
            end();
        }
    }

    private void play(Script script) {
        step(0, script);
        step(1, script);
        for (int i = 0; i < STEPS && script.hasNext(); i++) {
            step(script.u8(), script);
        }
    }

    private void step(int what, Script script) {
        switch (what & 15) {
            case 0 -> Frames.trySendInline(sender, link, 1, script.u8() % 200);
            case 1 -> sendFramed(script.u16());
            case 2, 3 -> receiver.receive(reader, 1 + script.u8() % 32);
            case 4 -> reader.release();
            case 5 -> sender.harvest();
            case 6 -> {
                receiver.arm();
                sender.arm();
            }
            case 7 -> {
                receiver.disarm();
                sender.disarm();
                link.lag();
            }
            case 8 -> receiver.rings().sweep();
            case 9 -> {
                answer();
                sender.receive(reader, 4);
            }
            default -> port.memory().setRelease(place(what >>> 4, script), value(script));
        }
    }

    private void sendFramed(int length) {
        long frame = sender.allocate(1 + length);
        if (frame == 0) {
            return;
        }
        if (sender.claim(link, Frames.HEADERS, 0) >= 0) {
            sender.commit(link, Frames.HEADERS, frame, frame, length);
            sender.flush();
        }
        sender.free(frame);
    }

    private void answer() {
        Link back = reader.source;
        if (back != null && ((FabricLink) back).queue == receiver) {
            Frames.trySendInline(receiver, back, 1, 20);
        }
    }

    /** Where it may hurt. */
    private long place(int region, Script script) {
        long ring = link.slots - Layout.RING_SLOTS;
        long value = port.self().consumerTable(0);
        long block = Layout.block(value);
        int at = script.u8();
        return switch (region) {
            case 0, 1, 2, 3 -> link.slots + (long) (at & SLOTS - 1) * Layout.SLOT + 8L * (at >>> 4 & 1);
            case 4, 5, 6 -> link.slots + (long) (at & SLOTS - 1) * Layout.SLOT + Layout.frameWord(script.u8() % 232);
            case 7, 8 -> ring + (at & 1) * Layout.RING_HARVESTED;
            case 9, 10 -> inside(block + (at & 3) * 128L);
            case 11 -> inside(block + Layout.COMPLETIONS + 8L * (at & 7));
            case 12 -> pair + 8L * (at & 1);
            case 13 -> pair + Layout.entry(at & 3) + 8L * (at >>> 2 & 3);
            case 14 -> pair + Layout.tableWord(at & 3);
            default -> Layout.queueLine(at & 3) + 8L * (at >>> 2 & 1);
        };
    }

    private long inside(long offset) {
        return offset & port.memory().segment().byteSize() - 8;
    }

    private static long value(Script script) {
        int shape = script.u8();
        return switch (shape & 7) {
            case 0 -> script.u8();
            case 1 -> -1 - script.u8();
            case 2 -> Layout.descriptor(script.u8(), script.u16(), (shape & 8) != 0, shape >>> 4);
            case 3 -> Layout.descriptor(script.u8(), script.u16() << 7 | 0x7f, (shape & 8) != 0, shape >>> 4);
            case 4 -> (long) script.u16() << 32 | script.u16() << (shape >>> 4);
            case 5 -> Layout.tableValue(script.u8() & 3, script.i64() >>> 27 & -128);
            case 6 -> 1L << (script.u8() & 63);
            default -> script.i64();
        };
    }

    private void end() {
        while (reader.release()) {
            // once more
        }
        assertEquals(0, sender.counters().badFrees() + receiver.counters().badFrees());
        sender.close();
        receiver.close();
        port.close();
        port.sharedMemory().close();
    }

    /** Reads every byte that it is handed, and keeps frames until it is told. */
    private final class Reader implements FrameHandler {
        final Deque<Long> held = new ArrayDeque<>();
        Link source;
        long sum;

        boolean release() {
            Long frame = held.poll();
            if (frame == null) {
                return false;
            }
            FabricQueue owner = port.queueAt(ReceiveRing.queueLine(frame));
            owner.release(frame);
            return true;
        }

        @Override
        public void onFrame(
                Link from, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
            assertTrue(headerLength <= Layout.INLINE, "headers of " + headerLength + " bytes");
            assertTrue(length <= port.capabilities().maxPayload(), "payload of " + length + " bytes");
            source = from;
            sum += headers[Math.max(0, headerLength - 1) >>> 3];
            for (long i = 0; i < length; i++) {
                sum += payload.get(ValueLayout.JAVA_BYTE, at + i);
            }
            if (frame != 0) {
                held.add(frame);
            }
        }

        @Override
        public void onPeerGone(Peer peer) {
            source = null;
        }
    }
}
