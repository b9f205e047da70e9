package io.ringway.stack;

import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Port;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.function.LongConsumer;

/** A device queue on which nothing arrives and nothing is sent: for stacks of which only the rest is of interest. */
public final class IdleQueue {
    private static final Capabilities CAPABILITIES = new Capabilities(true, true, 1 << 16, 240);

    private IdleQueue() {}

    /** A stack on such a queue; {@code onRelease} is told of frames that are given back. */
    public static NetworkStack stack(MemorySegment memory, LongConsumer onRelease) {
        Port port = proxy(Port.class, (self, method, arguments) -> CAPABILITIES);
        DeviceQueue queue = proxy(DeviceQueue.class, (self, method, arguments) -> switch (method.getName()) {
            case "memory" -> memory;
            case "port" -> port;
            case "release" -> {
                onRelease.accept((long) arguments[0]);
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
