package io.ringway.nio;

import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Port;
import io.ringway.stack.ListenerTable;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Random;

/** A device queue that says it received as many frames as the test wants, and counts what is asked of it. */
final class FakeQueue {
    private static final Capabilities CAPABILITIES = new Capabilities(true, true, 1 << 16, 240);

    int frames;
    int polls;
    /** Looks for a frame, of which so many find none, and what happens with the last of those. */
    int looks;

    int emptyLooks;
    Runnable lastLook = () -> {};
    boolean armed;
    int bellsCleared;
    int rings;
    /** Times that a poller has told that it has disarmed the queue. */
    int told;

    Lane lane() {
        return lane(() -> told++);
    }

    Lane lane(Runnable disarmed) {
        MemorySegment memory = Arena.global().allocate(4_096, 64);
        Port port = proxy(Port.class, (self, method, arguments) -> CAPABILITIES);
        DeviceQueue queue = proxy(DeviceQueue.class, (self, method, arguments) -> switch (method.getName()) {
            case "memory" -> memory;
            case "port" -> port;
            case "capabilities" -> CAPABILITIES;
            case "receive" -> receive();
            case "hasNext" -> hasNext();
            case "arm" -> arm(true);
            case "disarm" -> arm(false);
            case "clearDoorbell" -> bellsCleared++;
            case "ring" -> rings++;
            default -> null;
        });
        NetworkStack stack = new NetworkStack(queue, StackSettings.defaults(), new ListenerTable(), new Random(1));
        return new Lane(stack, disarmed);
    }

    private int receive() {
        polls++;
        int n = frames;
        frames = 0;
        return n;
    }

    private boolean hasNext() {
        looks++;
        if (looks == emptyLooks) {
            lastLook.run();
        }
        return looks > emptyLooks;
    }

    private Object arm(boolean on) {
        armed = on;
        return null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (s, m, a) -> {
            Object result = handler.invoke(s, m, a);
            return m.getReturnType() == void.class ? null : result;
        }));
    }
}
