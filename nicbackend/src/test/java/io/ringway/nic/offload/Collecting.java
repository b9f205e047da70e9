package io.ringway.nic.offload;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Feeds an {@link Aggregator} and writes down what comes out. Headers and payload that are valid during the call only are
 * overwritten behind it; frames must be released exactly once, and not before their bytes were read.
 */
final class Collecting implements FrameHandler {
    static final int FRAME = 1 << 11;

    final Aggregator aggregator;
    final List<String> out = new ArrayList<>();
    final List<Peer> gone = new ArrayList<>();
    private final Map<Long, Integer> lent = new TreeMap<>();
    private final MemorySegment frames = Arena.ofAuto().allocate(1 << 22);
    private final MemorySegment slot = Arena.ofAuto().allocate(1 << 17);
    private final Link link = new Way();
    private long next = FRAME;
    private long lastFrame = FRAME;

    Collecting(boolean checksums) {
        aggregator = new Aggregator(this::release, checksums, true);
        aggregator.beginBatch(this);
    }

    private void release(long frame) {
        if (lent.merge(frame, -1, Integer::sum) < 0) {
            throw new AssertionError("frame " + frame + " released more often than it was lent");
        }
    }

    /** Frames that somebody still holds. */
    int outstanding() {
        return lent.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** A packet in a frame of its own. */
    Collecting take(TestPacket... packets) {
        for (TestPacket p : packets) {
            startFrame();
            arrive(link, p);
        }
        return this;
    }

    void startFrame() {
        lastFrame = (next + FRAME - 1) / FRAME * FRAME;
        next = lastFrame;
    }

    /** A packet behind the one before it, in the same frame. */
    void continueFrame(TestPacket p) {
        arrive(link, p);
    }

    void takeFrom(Link source, TestPacket p) {
        startFrame();
        arrive(source, p);
    }

    private void arrive(Link source, TestPacket p) {
        MemorySegment.copy(p.payload, 0, frames, ValueLayout.JAVA_BYTE, next, p.payload.length);
        lent.merge(lastFrame, 1, Integer::sum);
        long at = next;
        next += p.payload.length;
        onFrame(source, p.headers(), frames, at, p.payload.length, lastFrame);
    }

    /** A packet in its descriptor slot. */
    void takeInline(TestPacket p) {
        MemorySegment.copy(p.payload, 0, slot, ValueLayout.JAVA_BYTE, 5, p.payload.length);
        onFrame(link, p.headers(), slot, 5, p.payload.length, 0);
        slot.fill((byte) 0xdd);
    }

    void takeRaw(byte[] headers, int payload) {
        onFrame(link, headers, slot, 0, payload, 0);
    }

    private void onFrame(Link source, byte[] headers, MemorySegment memory, long at, int length, long frame) {
        long[] words = new long[headers.length / 8 + 4];
        for (int i = 0; i < headers.length; i++) {
            words[i >>> 3] |= (headers[i] & 0xffL) << 56 - (i & 7) * 8;
        }
        aggregator.onFrame(source, words, headers.length, memory, at, length, frame);
        java.util.Arrays.fill(words, 0xdddd_dddd_dddd_ddddL);
    }

    /** What came out, up to the end of the batch. */
    List<String> end() {
        aggregator.endBatch();
        aggregator.beginBatch(this);
        return out;
    }

    long endings(CollectionEnd reason) {
        return aggregator.counters().endings(reason);
    }

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long offset, int length, long frame) {
        DescriptorList list = new DescriptorList(1);
        list.add(payload, offset, length, frame);
        onAggregate(source, headers, headerLength, list);
        if (length == 0 && frame != 0) {
            release(frame);
        }
    }

    @Override
    public void onAggregate(Link source, long[] headers, int headerLength, DescriptorList payload) {
        byte[] h = new byte[headerLength];
        for (int i = 0; i < headerLength; i++) {
            h[i] = (byte) (headers[i >>> 3] >>> 56 - (i & 7) * 8);
        }
        out.add(HexFormat.of().formatHex(h) + " " + HexFormat.of().formatHex(Cutting.bytes(payload)));
        for (int i = 0; i < payload.size(); i++) {
            if (payload.frame(i) != 0) {
                release(payload.frame(i));
            }
        }
    }

    @Override
    public void onPeerGone(Peer peer) {
        gone.add(peer);
    }

    /** A way that nobody sends on. */
    static final class Way implements Link, Peer {
        @Override
        public Peer peer() {
            return this;
        }

        @Override
        public int lag() {
            return 0;
        }

        @Override
        public long peerWord(long offset) {
            return 0;
        }

        @Override
        public String name() {
            return "way";
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public boolean stopped() {
            return false;
        }
    }
}
