package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringway.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was not ready before is selected before what is ready all the time, as streams are (M5). */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReadyOrderTest {
    private static final int STREAMS = 5;

    private final List<Pipe> pipes = new ArrayList<>();
    private Selector selector;
    private SelectionKey message;

    @BeforeEach
    void open() throws IOException {
        Properties given = new Properties();
        given.setProperty("ringway.quiet", "true");
        ChannelFactory channels = new ChannelFactory(KernelProvider.JDK, Settings.of(given));
        selector = channels.openSelector();
        for (int i = 0; i <= STREAMS; i++) {
            Pipe pipe = channels.openPipe();
            pipes.add(pipe);
            pipe.source().configureBlocking(false);
            message = pipe.source().register(selector, SelectionKey.OP_READ);
        }
        for (int i = 0; i < STREAMS; i++) {
            pipes.get(i).sink().write(ByteBuffer.allocate(1000));
        }
        assertEquals(STREAMS, selector.selectNow());
        selector.selectedKeys().clear();
        pipes.getLast().sink().write(ByteBuffer.allocate(1));
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @Test
    void inTheSelectedKeySet() throws IOException {
        assertEquals(STREAMS + 1, selector.select());
        assertSame(message, selector.selectedKeys().iterator().next());
    }

    @Test
    void byAction() throws IOException {
        List<SelectionKey> order = new ArrayList<>();
        assertEquals(STREAMS + 1, selector.select(order::add));
        assertSame(message, order.getFirst());
    }

    /** An action may close the selector in the middle. */
    @Test
    void byAnActionThatClosesTheSelector() {
        List<SelectionKey> order = new ArrayList<>();
        assertThrows(
                ClosedSelectorException.class,
                () -> selector.select(key -> {
                    order.add(key);
                    try {
                        selector.close();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
        assertEquals(List.of(message), order);
    }
}
