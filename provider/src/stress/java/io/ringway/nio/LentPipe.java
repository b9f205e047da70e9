package io.ringway.nio;

import io.ringway.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A pipe in memory, and a selector for one of its ends. Both are lent again and again. Nobody spins. */
final class LentPipe {
    private static final ChannelFactory CHANNELS = channels();
    private static final ConcurrentLinkedQueue<LentPipe> IDLE = new ConcurrentLinkedQueue<>();
    private static final ByteBuffer BYTES = ByteBuffer.allocateDirect(PipeBuffer.CAPACITY);

    Pipe.SourceChannel source;
    Pipe.SinkChannel sink;
    private @Nullable Selector selector;
    private @Nullable SelectionKey key;

    private LentPipe() {
        Pipe pipe = get(CHANNELS::openPipe);
        source = pipe.source();
        sink = pipe.sink();
    }

    private static ChannelFactory channels() {
        Properties given = new Properties();
        given.setProperty("ringway.spin", "0");
        given.setProperty("ringway.fabric", "off");
        given.setProperty("ringway.quiet", "true");
        return get(() -> new ChannelFactory(KernelProvider.JDK, Settings.of(given)));
    }

    /** A pipe as it was given back, or a new one after {@code preparation}: the same for all that a program lends. */
    static LentPipe take(Consumer<LentPipe> preparation) {
        LentPipe pipe = IDLE.poll();
        if (pipe == null) {
            pipe = new LentPipe();
            preparation.accept(pipe);
        }
        return pipe;
    }

    /** The next one finds it as it is now. */
    void giveBack() {
        if (source.isOpen() && sink.isOpen()) {
            IDLE.add(this);
        }
    }

    /** The next one finds another pipe with the same selector, after {@code preparation}. */
    void giveBackClosed(Consumer<LentPipe> preparation) {
        get(() -> {
            source.close();
            sink.close();
            return null;
        });
        if (selector != null) {
            selectNow();
        }
        Pipe pipe = get(CHANNELS::openPipe);
        source = pipe.source();
        sink = pipe.sink();
        preparation.accept(this);
        IDLE.add(this);
    }

    /** What {@code call}, which never fails here, returns. */
    static <T extends @Nullable Object> T get(Callable<T> call) {
        try {
            return call.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Both ends in non-blocking mode, this one registered with a selector of ours. */
    void watch(SelectableChannel end, int interest) {
        watch(end, interest, CHANNELS::openSelector);
    }

    /** Both ends in non-blocking mode, this one registered with a selector of the JDK's. */
    void watchByJdk(SelectableChannel end, int interest) {
        watch(end, interest, KernelProvider.JDK::openSelector);
    }

    private void watch(SelectableChannel end, int interest, Callable<? extends Selector> open) {
        if (selector == null) {
            selector = get(open);
        }
        key = get(() -> {
            source.configureBlocking(false);
            sink.configureBlocking(false);
            return end.register(selector, interest);
        });
    }

    void interest(int operation) {
        key.interestOps(operation);
    }

    int write(int bytes) {
        return get(() -> sink.write(BYTES.duplicate().limit(bytes)));
    }

    int read(int bytes) {
        return get(() -> source.read(BYTES.duplicate().limit(bytes)));
    }

    /** As full as it gets. In non-blocking mode. */
    void fill() {
        write(PipeBuffer.CAPACITY);
    }

    /** Empty. In non-blocking mode. */
    void drain() {
        read(PipeBuffer.CAPACITY);
    }

    /** How many keys became ready. */
    int selectNow() {
        selector.selectedKeys().clear();
        return get(selector::selectNow);
    }

    /** Waits until the key is ready; {@link Watchdog#HUNG} if it never was. */
    int select() {
        selector.selectedKeys().clear();
        return Watchdog.guard(selector::select);
    }
}
