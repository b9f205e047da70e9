package io.ringway.nic.fabric;

import io.ringway.nic.FrameLender;
import java.lang.foreign.MemorySegment;

/**
 * The home of the frames that the program fills itself. They live apart from those of the queues, so that lending needs
 * no queue's thread: a lock, held for moments, takes its place.
 */
final class LentFrames extends FrameHome implements FrameLender {
    private final FabricMemory memory;
    private final FrameStore frames;
    private final Mailbox mailbox = new Mailbox();
    private long freedTwice;
    private long lastTrim = System.nanoTime();

    LentFrames(FabricMemory memory) {
        this.memory = memory;
        this.frames = new FrameStore(this, memory);
    }

    @Override
    public MemorySegment memory() {
        return memory.segment();
    }

    @Override
    public int largest() {
        return FrameStore.LARGEST;
    }

    @Override
    public synchronized long lend(int size, long bound) {
        harvest();
        // A refused loan uses no frame.
        if (frames.inUse() + size > bound) {
            return 0;
        }
        long frame = frames.allocate(size);
        if (frame != 0 && frames.inUse() > bound) {
            frames.free(frame);
            return 0;
        }
        return frame;
    }

    @Override
    public synchronized void takeBack(long frame) {
        frames.free(frame);
    }

    /** {@inheritDoc} As one more slot that names the frame, of another queue. */
    @Override
    public void hold(long frame) {
        FrameChunk chunk = frames.chunk(frame);
        chunk.addAway(chunk.index(frame), 1);
    }

    @Override
    public void drop(long frame) {
        FrameChunk chunk = frames.chunk(frame);
        if (chunk.addAway(chunk.index(frame), -1) - 1 == FrameChunk.FREED) {
            mailbox.put(frame);
        }
    }

    @Override
    public synchronized long pinned() {
        harvest();
        return frames.inUse();
    }

    /** How often a frame was freed that was free. */
    synchronized long badFrees() {
        return freedTwice;
    }

    /** Others want the chunks that are wholly unused. */
    synchronized void giveChunksBack() {
        harvest();
        frames.giveChunksBack();
    }

    /** Gives pages back to the system that were not used for a while. Any queue that goes to sleep. */
    synchronized void trim(long now) {
        if (now - lastTrim >= FabricQueue.TRIM_NANOS) {
            lastTrim = now;
            harvest();
            frames.trim();
        }
    }

    @Override
    void post(long frame) {
        mailbox.put(frame);
    }

    @Override
    synchronized void harvest() {
        if (mailbox.hasSome()) {
            for (long frame : mailbox.take()) {
                frames.cameHome(frame);
            }
        }
    }

    @Override
    synchronized void freedTwice() {
        freedTwice++;
    }
}
