package io.ringway.nio;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import sun.nio.ch.IOUtil;
import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * A file descriptor of somebody else's that becomes readable, as a channel that a JDK selector takes: how a thread
 * sleeps on a doorbell and on kernel channels at once. Closing it leaves the descriptor alone.
 */
final class DoorbellChannel extends AbstractSelectableChannel implements SelChImpl {
    private final FileDescriptor descriptor;
    private final int number;

    private DoorbellChannel(int number) {
        super(KernelProvider.JDK);
        this.number = number;
        this.descriptor = IOUtil.newFD(number);
    }

    static DoorbellChannel of(int number) throws IOException {
        DoorbellChannel channel = new DoorbellChannel(number);
        channel.configureBlocking(false);
        return channel;
    }

    @Override
    public int validOps() {
        return SelectionKey.OP_READ;
    }

    @Override
    protected void implCloseSelectableChannel() {
        // The descriptor is not ours.
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // Nobody reads through this channel.
    }

    @Override
    public void kill() {
        // The descriptor is not ours.
    }

    @Override
    public FileDescriptor getFD() {
        return descriptor;
    }

    @Override
    public int getFDVal() {
        return number;
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return translateAndSetReadyOps(ops, key);
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        int ready = ops == 0 ? 0 : SelectionKey.OP_READ & key.nioInterestOps();
        boolean news = (ready & ~key.nioReadyOps()) != 0;
        key.nioReadyOps(ready);
        return news;
    }

    @Override
    public int translateInterestOps(int ops) {
        return (ops & SelectionKey.OP_READ) == 0 ? 0 : Net.POLLIN;
    }
}
