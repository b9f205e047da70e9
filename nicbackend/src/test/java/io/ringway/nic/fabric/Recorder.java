package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes {@link Frames}, checks each, and remembers their numbers. */
final class Recorder implements FrameHandler {
    private final FabricQueue queue;
    private final List<Integer> numbers = new ArrayList<>();
    private final List<Long> kept = new ArrayList<>();
    private final List<Peer> gone = new ArrayList<>();
    private boolean keeping;
    private boolean careless;
    private @Nullable Link lastSource;

    Recorder(FabricQueue queue) {
        this.queue = queue;
    }

    /** Looks at nothing. */
    Recorder careless() {
        careless = true;
        return this;
    }

    /** Releases nothing by itself. */
    Recorder keeping() {
        keeping = true;
        return this;
    }

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
        if (careless) {
            if (frame != 0) {
                queue.release(frame);
            }
            return;
        }
        assertEquals(Frames.HEADERS, headerLength);
        int number = Frames.number(headers);
        assertEquals(length, Frames.length(headers));
        assertTrue(keeping && frame != 0 || Frames.payloadIsRight(payload, at, number, length), "payload of " + number);
        numbers.add(number);
        lastSource = source;
        if (frame != 0) {
            if (keeping) {
                kept.add(frame);
            } else {
                queue.release(frame);
            }
        }
    }

    @Override
    public void onPeerGone(Peer peer) {
        gone.add(peer);
    }

    List<Long> kept() {
        return kept;
    }

    List<Peer> gone() {
        return gone;
    }

    int count() {
        return numbers.size();
    }

    Link lastSource() {
        assertNotNull(lastSource);
        return lastSource;
    }

    void assertNumbers(int from, int to) {
        assertNumbers(from, to, "");
    }

    void assertNumbers(int from, int to, String message) {
        List<Integer> expected = new ArrayList<>();
        for (int i = from; i < to; i++) {
            expected.add(i);
        }
        assertEquals(expected, numbers, message);
    }
}
