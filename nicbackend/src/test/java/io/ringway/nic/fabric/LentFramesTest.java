package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ringway.linux.LinuxException;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.offload.HeldFrame;
import io.ringway.nic.offload.RegisteredMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames that are filled outside of any queue, and go through one. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LentFramesTest implements FrameHandler {
    private static final int SIZE = FrameStore.LARGEST;
    private static final long ANY = Long.MAX_VALUE;

    private FabricPort port;
    private FabricQueue sender;
    private FabricQueue receiver;
    private Link link;
    private LentFrames lent;
    private final List<Long> received = new ArrayList<>();

    @BeforeEach
    void open() throws LinuxException {
        port = FabricPort.open(FabricSettings.defaults().withMemoryBytes(64 << 20));
        sender = port.openQueue();
        receiver = port.openQueue();
        link = sender.link(port.self(), receiver.id());
        lent = port.lentFrames();
    }

    @AfterEach
    void close() {
        port.close();
    }

    private void send(long frame) {
        assertNotEquals(-1, sender.claim(link, 40, 0));
        sender.commit(link, 40, frame, frame, SIZE);
        sender.flush();
    }

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
        received.add(frame);
    }

    @Override
    public void onPeerGone(Peer peer) {
        throw new AssertionError("nobody is gone");
    }

    private void receive() {
        receiver.receive(this, 100);
    }

    private void releaseAll() {
        received.forEach(receiver::release);
        received.clear();
        receiver.receive(this, 1);
        sender.reclaim();
    }

    @Test
    void aFrameGoesThroughAQueueAndComesHome() {
        long frame = lent.lend(SIZE, ANY);
        lent.memory().set(ValueLayout.JAVA_LONG, frame, 42);
        assertEquals(SIZE, lent.pinned());
        send(frame);
        sender.free(frame);
        assertEquals(SIZE, lent.pinned());
        receive();
        assertEquals(1, received.size());
        sender.reclaim();
        assertEquals(SIZE, lent.pinned());
        releaseAll();
        assertEquals(0, lent.pinned());
        assertEquals(frame, lent.lend(SIZE, ANY));
        assertEquals(0, lent.badFrees());
    }

    @Test
    void aFrameThatIsHeldComesHomeWhenItsHolderAndItsReadersAreDone() {
        for (boolean holderFirst : new boolean[] {true, false}) {
            long frame = lent.lend(SIZE, ANY);
            lent.hold(frame);
            send(frame);
            sender.free(frame);
            receive();
            if (holderFirst) {
                lent.drop(frame);
                assertEquals(SIZE, lent.pinned());
                releaseAll();
            } else {
                releaseAll();
                assertEquals(SIZE, lent.pinned());
                lent.drop(frame);
            }
            assertEquals(0, lent.pinned());
            assertEquals(0, lent.badFrees());
        }
    }

    @Test
    void aHeldFrameIsSentOnceAndGoesBackOnce() {
        RegisteredMemory memory = new RegisteredMemory(port, 4L * SIZE);
        HeldFrame unsent = memory.hold(SIZE, () -> {});
        HeldFrame sent = memory.hold(SIZE, () -> {});
        assertNotNull(unsent);
        assertNotNull(sent);
        unsent.release();
        unsent.release();
        assertEquals(0, unsent.handOver());
        long frame = sent.handOver();
        assertNotEquals(0, frame);
        assertEquals(0, sent.handOver());
        send(frame);
        sender.free(frame);
        sent.release();
        sent.release();
        assertEquals(SIZE, lent.pinned());
        receive();
        releaseAll();
        assertEquals(0, lent.pinned());
        assertEquals(0, lent.badFrees());
    }

    @Test
    void aFrameThatTwoSlotsNameWaitsForBoth() {
        long frame = lent.lend(SIZE, ANY);
        send(frame);
        send(frame);
        receive();
        sender.free(frame);
        receiver.release(received.removeFirst());
        releaseAll();
        assertEquals(0, lent.pinned());
    }

    @Test
    void whatWasReleasedBeforeItWasFreedComesHomeToo() {
        long frame = lent.lend(SIZE, ANY);
        send(frame);
        receive();
        releaseAll();
        assertEquals(SIZE, lent.pinned());
        sender.free(frame);
        assertEquals(0, lent.pinned());
    }

    @Test
    void theBoundHoldsAndWhatIsTakenBackCountsNoMore() {
        List<Long> frames = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            frames.add(lent.lend(SIZE, 4 * SIZE));
        }
        assertEquals(4, frames.stream().distinct().count());
        assertEquals(0, lent.lend(1, 4 * SIZE));
        assertEquals(4 * SIZE, lent.pinned());
        lent.takeBack(frames.removeLast());
        assertNotEquals(0, lent.lend(1, 4 * SIZE));
        frames.forEach(lent::takeBack);
        lent.takeBack(frames.getFirst());
        assertEquals(1, lent.badFrees());
    }

    @Test
    void whenAllMemoryIsTakenNothingIsLentAndChunksGoBackToOthers() {
        List<Long> frames = new ArrayList<>();
        for (long frame = lent.lend(SIZE, ANY); frame != 0; frame = lent.lend(SIZE, ANY)) {
            frames.add(frame);
        }
        assertEquals(0, sender.allocate(SIZE));
        frames.forEach(lent::takeBack);
        assertNotNull(port.fabricMemory().chunk(frames.getFirst()));
        sender.tidy();
        assertNotEquals(0, sender.allocate(SIZE));
    }

    @Test
    void framesOfALinkThatDiesComeHome() {
        long frame = lent.lend(SIZE, ANY);
        send(frame);
        sender.free(frame);
        receive();
        assertEquals(SIZE, lent.pinned());
        sender.link(port.self(), receiver.id()).die();
        assertEquals(0, lent.pinned());
    }
}
