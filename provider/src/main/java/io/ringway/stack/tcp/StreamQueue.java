package io.ringway.stack.tcp;

import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a connection on their way between a stack and a program, in order. Received: small payloads packed into heap
 * memory, or into frames of this process once the reader has stalled; larger ones left in the frames that they came in.
 * The producer is the stack's owner, the consumer whoever holds the channel's read lock; frames go back to their queue by
 * the producer, after the consumer has passed them. To be sent by a thread that could not own the stack: the other way
 * round, packed only.
 *
 * <p>Both ends work on a chain of nodes. A node is circular, so a connection that keeps up uses one and the same node
 * for ever; the producer links a new one when the kind changes or the node is full. Passed nodes are used again.
 */
final class StreamQueue {
    private static final AtomicLongFieldUpdater<StreamQueue> TOTAL_IN =
            AtomicLongFieldUpdater.newUpdater(StreamQueue.class, "totalIn");
    private static final AtomicLongFieldUpdater<StreamQueue> TOTAL_OUT =
            AtomicLongFieldUpdater.newUpdater(StreamQueue.class, "totalOut");
    private static final AtomicIntegerFieldUpdater<StreamQueue> PASSED =
            AtomicIntegerFieldUpdater.newUpdater(StreamQueue.class, "passed");

    private volatile long totalIn;
    private volatile long totalOut;
    /** Serial number of the node that the consumer is at: all before it are the producer's again. */
    private volatile int passed;

    private StreamNode head = new PackedNode(0);
    private StreamNode tail = head;
    private StreamNode oldest = head;
    private boolean framesRead;
    /** Bytes ever copied out and ever lent; the consumer's, and {@link #totalOut} is written after them. */
    private long copied;

    private long referenced;
    private @Nullable PackedNode sparePacked;
    private @Nullable FrameNode spareFrames;

    /** Bytes that can be read. Any thread. A reader may be ahead of what the writer has counted. */
    long available() {
        return Math.max(0, totalIn - totalOut);
    }

    /** Bytes ever appended. Any thread. */
    long totalIn() {
        return totalIn;
    }

    /** Bytes ever read. Any thread. */
    long totalOut() {
        return totalOut;
    }

    /** Producer: copies a payload that is valid now only. */
    void appendCopy(MemoryView view, long offset, int length) {
        int done = 0;
        while (done < length) {
            PackedNode node = tail instanceof PackedNode p && p.free() > 0 ? p : linkPacked();
            done += node.append(view, offset + done, length - done);
        }
        TOTAL_IN.lazySet(this, totalIn + length);
    }

    /** Producer: the same into frames of {@code owner}'s queue, as far as there are any. */
    void appendSpilled(NetworkStack owner, MemoryView view, long offset, int length) {
        int done = 0;
        while (done < length) {
            SpillNode node = tail instanceof SpillNode s && s.accepts(owner) ? s : linkSpill(owner);
            if (node == null) {
                appendCopy(view, offset + done, length - done);
                return;
            }
            int n = node.append(view, offset + done, length - done);
            TOTAL_IN.lazySet(this, totalIn + n);
            done += n;
        }
    }

    private @Nullable SpillNode linkSpill(NetworkStack owner) {
        int most = owner.queue().capabilities().maxPayload();
        long frame = owner.queue().allocate(Math.min(SpillNode.CAPACITY, most));
        if (frame == 0) {
            return null;
        }
        SpillNode node = new SpillNode(owner, frame);
        link(node);
        return node;
    }

    /** Producer: copies {@code length} bytes of a program's buffer, whose position advances. */
    void appendCopy(ByteBuffer source, int length) {
        int done = 0;
        while (done < length) {
            PackedNode node = tail instanceof PackedNode p && p.free() > 0 ? p : linkPacked();
            done += node.append(source, length - done);
        }
        TOTAL_IN.lazySet(this, totalIn + length);
    }

    /** Producer: keeps a payload where it is; {@code frame} is released on {@code origin} once it is read. */
    void appendFrame(NetworkStack origin, MemoryView view, long offset, int length, long frame) {
        FrameNode node = tail instanceof FrameNode f && f.accepts(origin) ? f : linkFrames(origin);
        node.append(view, offset, length, frame);
        TOTAL_IN.lazySet(this, totalIn + length);
    }

    /** Consumer: moves what is there, as far as {@code target} has room. */
    int read(ByteBuffer target) {
        int total = 0;
        while (target.hasRemaining()) {
            int n = head.read(target);
            if (n == 0 && !advance()) {
                break;
            }
            framesRead |= !(head instanceof PackedNode);
            total += n;
        }
        if (total > 0) {
            copied += total;
            TOTAL_OUT.lazySet(this, totalOut + total);
        }
        return total;
    }

    /** Consumer: bytes that can be read next in one piece; 0 when nothing is there. */
    int run() {
        int n = head.run();
        while (n == 0 && advance()) {
            n = head.run();
        }
        return n;
    }

    /** Consumer: takes the next {@link #run} as it is in its frame; null where it was copied out of it already. */
    @Nullable
    ReceivedFrame lend(TcpConnection c) {
        if (run() == 0 || !(head instanceof FrameNode node)) {
            return null;
        }
        ReceivedFrame lent = node.lend(c);
        referenced += lent.length();
        TOTAL_OUT.lazySet(this, totalOut + lent.length());
        return lent;
    }

    /** Bytes ever copied to the consumer's buffers, at least those that {@link #totalOut} told of before. Any thread. */
    long copied() {
        return copied;
    }

    /** Bytes ever lent to the consumer, the same way. Any thread. */
    long referenced() {
        return referenced;
    }

    /** Consumer: moves up to {@code length} packed bytes to {@code offset}. */
    int read(MemoryView view, long offset, int length) {
        int total = 0;
        while (total < length) {
            int n = head instanceof PackedNode p ? p.read(view, offset + total, length - total) : 0;
            if (n == 0 && !advance()) {
                break;
            }
            total += n;
        }
        if (total > 0) {
            TOTAL_OUT.lazySet(this, totalOut + total);
        }
        return total;
    }

    /** Consumer: whether frames were read since the last call, so that there is something to give back. */
    boolean takeFramesRead() {
        boolean was = framesRead;
        framesRead = false;
        return was;
    }

    /** Goes to the next node if there is one and this one is empty for ever. */
    private boolean advance() {
        StreamNode next = head.next();
        if (next == null) {
            return false;
        }
        if (head.isEmpty()) {
            head = next;
            PASSED.lazySet(this, next.serial);
        }
        return true;
    }

    /** Producer: gives frames that were read back, and takes passed nodes for use again. */
    void reclaim(NetworkStack owner) {
        while (true) {
            boolean isPassed = oldest.serial - passed < 0;
            oldest.reclaim(owner);
            if (!isPassed) {
                return;
            }
            StreamNode done = oldest;
            oldest = done.linkedNext();
            keepSpare(done, owner);
        }
    }

    /** Consumer, of a queue that never held frames, instead of {@link #reclaim}: lets go of what it has passed. */
    void dropPassed() {
        oldest = head;
    }

    /** Producer: drops everything unread; nobody reads any more. */
    void discard(NetworkStack owner) {
        for (StreamNode node = oldest; node != null; node = node.next()) {
            node.skipAll();
            node.reclaim(owner);
            if (node instanceof SpillNode s) {
                s.free(owner);
            }
        }
    }

    private void keepSpare(StreamNode node, NetworkStack owner) {
        if (node instanceof PackedNode p && p.capacity() > 0) {
            sparePacked = p;
        } else if (node instanceof FrameNode f) {
            spareFrames = f;
        } else if (node instanceof SpillNode s) {
            s.free(owner);
        }
    }

    private PackedNode linkPacked() {
        PackedNode node = sparePacked;
        sparePacked = null;
        if (node == null) {
            node = new PackedNode(PackedNode.nextCapacity(tail));
        }
        link(node);
        return node;
    }

    private FrameNode linkFrames(NetworkStack origin) {
        FrameNode node = spareFrames;
        spareFrames = null;
        if (node == null) {
            node = new FrameNode();
        }
        node.origin(origin);
        link(node);
        return node;
    }

    private void link(StreamNode node) {
        node.restart(tail.serial + 1);
        StreamNode before = tail;
        tail = node;
        before.next(node);
    }
}
