package io.ringway.bench.pairs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.function.Consumer;

/** The select step of a plain NIO program, in the three forms that programs use. Allocates nothing itself. */
final class EventLoop {
    /** Takes one ready key. */
    @FunctionalInterface
    interface Handler {
        void ready(SelectionKey key) throws IOException;
    }

    /** How ready keys are found. */
    enum Keys {
        /** {@link Selector#select(Consumer)}. */
        CONSUMER,
        /** {@link Selector#select()}, then the set of selected keys. */
        SET,
        /** {@link Selector#selectNow(Consumer)}, spinning. */
        SPIN
    }

    private final Selector selector;
    private final Keys keys;
    private final Handler handler;
    private final Consumer<SelectionKey> consumer;

    EventLoop(Selector selector, Options options, Handler handler) {
        this.selector = selector;
        this.keys = Keys.valueOf(options.text("keys", "consumer").toUpperCase(java.util.Locale.ROOT));
        this.handler = handler;
        this.consumer = this::accept;
    }

    private void accept(SelectionKey key) {
        try {
            handler.ready(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a key is ready, and handles all ready ones. */
    void select() throws IOException {
        select(0);
    }

    /** Waits until a key is ready or {@code timeoutMillis} have passed (0: no limit), and handles all ready ones. */
    void select(long timeoutMillis) throws IOException {
        switch (keys) {
            case CONSUMER -> selector.select(consumer, timeoutMillis);
            case SPIN -> selector.selectNow(consumer);
            case SET -> {
                selector.select(timeoutMillis);
                Set<SelectionKey> selected = selector.selectedKeys();
                for (SelectionKey key : selected) {
                    handler.ready(key);
                }
                selected.clear();
            }
        }
    }
}
