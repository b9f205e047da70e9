package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What Netty's leak detector finds meanwhile, which looks at every buffer. */
final class Leaks implements ResourceLeakDetector.LeakListener, AutoCloseable {
    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private final List<String> found = new CopyOnWriteArrayList<>();

    Leaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener(this);
    }

    @Override
    public void onLeak(String resourceType, String records) {
        found.add(resourceType + records);
    }

    @Override
    public void close() {
        System.gc();
        // It looks when the next buffer is made.
        ByteBufAllocator.DEFAULT.directBuffer(1).release();
        ByteBufUtil.setLeakListener(null);
        ResourceLeakDetector.setLevel(before);
        assertEquals(List.of(), found);
    }
}
