package io.ringway.stack;

import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Port;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.BitSet;
import java.util.Random;
import java.util.function.LongConsumer;

/** A device queue on which nothing arrives and nothing is sent: for stacks of which only the rest is of interest. */
public final class IdleQueue {
    private static final Capabilities CAPABILITIES = new Capabilities(true, true, 1 << 16, 240);

    private IdleQueue() {}

    /** Frames of 1 KiB each, of all the memory but the first. */
    public static final class Frames {
        private static final int SIZE = 1 << 10;

        private final BitSet taken = new BitSet();
        private final int count;

        /** The frames of {@code memory}. */
        public Frames(MemorySegment memory) {
            count = (int) (memory.byteSize() / SIZE);
            taken.set(0);
        }

        private synchronized long allocate() {
            int frame = taken.nextClearBit(0);
            if (frame >= count) {
                return 0;
            }
            taken.set(frame);
            return (long) frame * SIZE;
        }

        private synchronized void free(long frame) {
            if (frame == 0 || !taken.get((int) (frame / SIZE))) {
                throw new AssertionError("freed twice: " + frame);
            }
            taken.clear((int) (frame / SIZE));
        }

        /** How many are taken. */
        public synchronized int taken() {
            return taken.cardinality() - 1;
        }
    }

    /** A stack on such a queue without frames; {@code onRelease} is told of frames that are given back. */
    public static NetworkStack stack(MemorySegment memory, LongConsumer onRelease) {
        return stack(memory, onRelease, new Frames(memory.asSlice(0, Frames.SIZE)));
    }

    /** The same with frames. */
    public static NetworkStack stack(MemorySegment memory, LongConsumer onRelease, Frames frames) {
        Port port = proxy(Port.class, (self, method, arguments) -> CAPABILITIES);
        DeviceQueue queue = proxy(DeviceQueue.class, (self, method, arguments) -> switch (method.getName()) {
            case "memory" -> memory;
            case "port" -> port;
            case "capabilities" -> CAPABILITIES;
            case "release" -> {
                onRelease.accept((long) arguments[0]);
                yield null;
            }
            case "allocate" -> frames.allocate();
            case "capacity" -> Frames.SIZE;
            case "free" -> {
                frames.free((long) arguments[0]);
                yield null;
            }
            case "receive" -> 0;
            case "flush" -> null;
            default -> throw new AssertionError(method.getName());
        });
        return new NetworkStack(queue, StackSettings.defaults(), new ListenerTable(), new Random(1));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
