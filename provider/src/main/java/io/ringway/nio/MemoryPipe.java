package io.ringway.nio;

import java.nio.channels.Pipe;
import java.nio.channels.spi.SelectorProvider;

/**
 * A pipe without the kernel: no file descriptors, no system call but to wake who sleeps. Bytes as in the kernel's
 * pipes: as many at once, and small writes undivided.
 */
final class MemoryPipe extends Pipe {
    final PipeBuffer buffer = new PipeBuffer();
    private final PipeSource source;
    private final PipeSink sink;

    MemoryPipe(SelectorProvider provider, Datapath datapath) {
        source = new PipeSource(provider, this, datapath);
        sink = new PipeSink(provider, this, datapath);
    }

    @Override
    public PipeSource source() {
        return source;
    }

    @Override
    public PipeSink sink() {
        return sink;
    }
}
