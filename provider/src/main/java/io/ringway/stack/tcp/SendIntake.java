package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.offload.GatherList;
import io.ringway.nic.offload.OutgoingFrame;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.TransmitQueues;
import io.ringway.wire.Tcp;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where what the program writes comes into a {@link SendSide}: straight into a slot, into the open frame, in a frame of the
 * program's, or, from a thread that does not own the stack, into a queue for the owner. Under the channel's write lock;
 * owner only, except where a method says otherwise.
 */
final class SendIntake {
    /** A collected tail is published when it holds this much. */
    private static final int PUBLISH = 16 << 10;

    /** Bytes that may wait in heap memory for the owner, who may have no frame for them for long. */
    private static final int HAND_OFF = 64 << 10;

    private final TcpConnection c;
    private final SendSide send;
    private final SendRoom room;
    private final SendQueue queue;
    private final TransmitFlow flow;

    /** From threads that could not own the stack; made by the first of them. */
    private volatile @Nullable StreamQueue handOff;

    SendIntake(TcpConnection c, SendSide send) {
        this.c = c;
        this.send = send;
        room = send.room;
        queue = send.queue;
        flow = send.flow;
    }

    /** Takes bytes from a thread that does not own the stack. */
    int handOff(ByteBuffer source) {
        StreamQueue q = handOff;
        if (q == null) {
            q = new StreamQueue();
            handOff = q;
        }
        int n = Math.min(source.remaining(), Math.min(room.now(), HAND_OFF - (int) q.available()));
        if (n <= 0) {
            return 0;
        }
        q.appendCopy(source, n);
        room.accept(n);
        return n;
    }

    /** Whether bytes can still be accepted here: a poll may have ended the connection, or moved it to another stack. */
    private boolean accepts(NetworkStack stack) {
        return c.stack() == stack && c.state() != TcpState.CLOSED && !send.finQueued;
    }

    /** Takes bytes from the thread that owns the stack, and publishes what the windows allow. */
    int write(ByteBuffer source, NetworkStack stack, @Nullable OutOfLine never) {
        int n = askForRoom(source.remaining(), stack);
        if (n == 0) {
            return 0;
        }
        boolean behind = flow.isBehind();
        if (!behind && writeInline(source, n, stack)) {
            return n;
        }
        int done = append(source, n, behind, stack);
        if (c.stack() != stack) {
            // It moved between two pieces, when all before was published.
            return done;
        }
        if (behind && queue.unpublished() < PUBLISH) {
            send.defer(stack);
        } else {
            send.output(stack);
        }
        return done;
    }

    /** How many of {@code most} bytes can be accepted; polls first where that is not all. */
    private int askForRoom(int most, NetworkStack stack) {
        int n = Math.min(most, room.unasked());
        if (n < most) {
            stack.poll(stack.now());
            n = accepts(stack) ? Math.min(most, room.now()) : 0;
            if (n == 0 && accepts(stack)) {
                room.watchReader(stack);
            }
        }
        return n;
    }

    /** The same from several buffers, by descriptors (M10). */
    long write(ByteBuffer[] sources, int offset, int length, NetworkStack stack) {
        GatherList list = stack.gather();
        int end = offset + length;
        int next = offset;
        long total = 0;
        while (next < end) {
            next = list.take(sources, next, end);
            stack.counters().descriptors += list.descriptors();
            stack.counters().descriptorsMerged += list.merged();
            total += write(list, stack);
            if (c.stack() != stack) {
                // It moved between two pieces, when all before was published.
                list.clear();
                return total;
            }
            if (list.remaining() > 0) {
                break;
            }
        }
        list.clear();
        send.output(stack);
        return total;
    }

    private int write(GatherList list, NetworkStack stack) {
        int most = (int) Math.min(list.remaining(), Integer.MAX_VALUE);
        if (most > room.unasked()) {
            send.output(stack);
        }
        int n = askForRoom(most, stack);
        return n > 0 && n == list.remaining() && writeInline(list, n, stack) ? n : append(list, n, stack);
    }

    /**
     * Takes a frame that the program has filled, whole, as long as there is any room. What fits into a slot is copied.
     *
     * @param from where in the frame the bytes start
     * @return {@code length}; 0 when there is no room; {@link ByReference#NOT_NOW} when the frame can't be had
     */
    int writeFrame(OutgoingFrame source, int from, int length, NetworkStack stack) {
        if (room.unasked() < length) {
            stack.poll(stack.now());
            if (!accepts(stack)) {
                return 0;
            }
            if (room.now() == 0) {
                room.watchReader(stack);
                return 0;
            }
        }
        drainHandOff(stack);
        if (!isHandOffEmpty() || !accepts(stack)) {
            return 0;
        }
        // What readers have released comes home by the owner only, and the program lends its next frame without it.
        stack.queue().reclaim();
        long frame = source.handOver();
        if (frame == 0) {
            return ByReference.NOT_NOW;
        }
        queue.addFilled(frame, from, length);
        room.accept(length);
        if (length > stack.writer().inlineRoom(c)) {
            stack.counters().bytesByReferenceIn += length;
        } else {
            stack.counters().bytesCopiedIn += length;
        }
        send.output(stack);
        return length;
    }

    private boolean writeInline(ByteBuffer source, int n, NetworkStack stack) {
        long at = claimInline(n, stack);
        if (at < 0) {
            return false;
        }
        stack.view().put(at, source, n);
        commitInline(n, stack);
        return true;
    }

    private boolean writeInline(GatherList list, int n, NetworkStack stack) {
        long at = flow.isBehind() ? -1 : claimInline(n, stack);
        if (at < 0) {
            return false;
        }
        list.moveTo(stack.view().segment(), at, n);
        commitInline(n, stack);
        return true;
    }

    /** Where in the slot {@code n} bytes go, or -1 if they have to go by a frame. */
    private long claimInline(int n, NetworkStack stack) {
        boolean direct = stack.lossless()
                && n <= stack.writer().inlineRoom(c)
                && queue.isEmpty()
                && isHandOffEmpty()
                && n <= send.usableWindow()
                && c.canSend()
                && mayGoAtOnce(stack.transmitQueues());
        return direct ? stack.writer().claimInline(c, Tcp.ACK | Tcp.PSH, send.nxt, n) : -1;
    }

    private void commitInline(int n, NetworkStack stack) {
        stack.writer().commitInline(c, n);
        send.advance(n);
        room.accept(n);
        stack.counters().bytesCopiedIn += n;
    }

    /** Whether no other flow's turn comes first. */
    private boolean mayGoAtOnce(TransmitQueues queues) {
        if (queues.isIdle()) {
            return true;
        }
        queues.admit(flow);
        return flow.mayGo();
    }

    private int append(ByteBuffer source, int n, boolean behind, NetworkStack stack) {
        int done = 0;
        int part = roomFor(n, done, behind, stack);
        while (part > 0) {
            stack.view().put(queue.openOffset(), source, part);
            appended(part, stack);
            done += part;
            part = roomFor(n, done, behind, stack);
        }
        return done;
    }

    private int append(GatherList list, int n, NetworkStack stack) {
        int done = 0;
        int part = roomFor(n, done, true, stack);
        while (part > 0) {
            list.moveTo(stack.view().segment(), queue.openOffset(), part);
            appended(part, stack);
            done += part;
            part = roomFor(n, done, true, stack);
        }
        return done;
    }

    private void appended(int bytes, NetworkStack stack) {
        queue.grow(bytes);
        room.accept(bytes);
        stack.counters().bytesCopiedIn += bytes;
    }

    /** How many of {@code n} bytes, after the first {@code done}, go into the open frame; 0: all is done, or no frame. */
    private int roomFor(int n, int done, boolean behind, NetworkStack stack) {
        if (done == 0) {
            drainHandOff(stack);
            if (!isHandOffEmpty() || !accepts(stack)) {
                return 0;
            }
        }
        if (done == n) {
            return 0;
        }
        int open = queue.openRoom();
        if (open == 0) {
            if (done > 0) {
                send.output(stack);
                stack.poll(stack.now());
                if (!accepts(stack)) {
                    return 0;
                }
            }
            open = openFrame(n - done, behind, stack.queue());
            if (open == 0) {
                send.starve(stack);
            }
        }
        return Math.min(open, n - done);
    }

    private int openFrame(int wanted, boolean behind, DeviceQueue device) {
        int size = Math.min(Math.max(wanted, behind ? PUBLISH : 1), c.maxPayload());
        long frame = send.allocate(size, device);
        if (frame == 0) {
            return 0;
        }
        int capacity = Math.min(device.capacity(frame), c.maxPayload());
        queue.add(frame, capacity);
        return capacity;
    }

    /** Whether nothing is left that threads without the ownership wrote. Any thread. */
    boolean isHandOffEmpty() {
        StreamQueue q = handOff;
        return q == null || q.available() == 0;
    }

    /** Takes over what they wrote, as far as there are frames for it. */
    void drainHandOff(NetworkStack stack) {
        StreamQueue q = handOff;
        if (q == null) {
            return;
        }
        while (q.available() > 0) {
            int want = (int) Math.min(q.available(), Integer.MAX_VALUE);
            int open = queue.openRoom();
            if (open == 0) {
                open = openFrame(want, false, stack.queue());
            }
            if (open == 0) {
                send.starve(stack);
                return;
            }
            int n = q.read(stack.view(), queue.openOffset(), Math.min(open, want));
            queue.grow(n);
            stack.counters().bytesCopiedIn += n;
            stack.counters().bytesHandedOff += n;
        }
        q.dropPassed();
    }
}
