package io.ringway.nio;

import java.io.FileDescriptor;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/** An end of a pipe in memory, as selectors see it. */
interface PipeChannel extends RingwayChannel {
    PipeEnd end();

    @Override
    default int readiness() {
        return end().readiness();
    }

    @Override
    default boolean isAccelerated() {
        return false;
    }

    @Override
    default boolean isInMemory() {
        return true;
    }

    @Override
    default boolean isShared() {
        return false;
    }

    @Override
    default @Nullable Lane lane() {
        return null;
    }

    @Override
    default @Nullable Lane takeInterrupted() {
        return null;
    }

    @Override
    default void registered(RingwayKey key) {
        end().registered(key);
    }

    @Override
    default void deregistered(RingwayKey key) {
        end().deregistered(key);
    }

    @Override
    default FileDescriptor getFD() {
        return end().descriptor();
    }

    @Override
    default int getFDVal() {
        return end().descriptorNumber();
    }

    @Override
    default int translateInterestOps(int ops) {
        return end().interest(ops);
    }

    @Override
    default boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return end().translate(key, true);
    }

    @Override
    default boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        return end().translate(key, false);
    }
}
