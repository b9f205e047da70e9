package io.ringway.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * What two ends say to each other while a process warms up, as programs would: requests and answers of several sizes,
 * with selections in the usual styles, waits that end in a sleep or by a wake-up, a burst that fills every buffer, changes of
 * interest, and the end of a connection. One thread plays both.
 */
final class WarmUpTalk {
    private static final int SMALL = 64;
    private static final int LARGE = 4_000;
    /** One message in this many is a large one. */
    private static final int LARGE_EVERY = 8;

    /** One round in this many changes the interest of another key. */
    private static final int CHANGE_EVERY = 8;

    /** One connection in this many has a burst, and one has waits that end in a sleep. */
    private static final int BURST_EVERY = 8;

    private static final int SLEEP_EVERY = 4;
    private static final int BURST = 64;

    private final End near;
    private final End far;
    private final List<SelectionKey> others;
    private final long end;

    /**
     * @param others keys of the server's selector whose interest may change
     * @param end when, by System.nanoTime, there is no more to say
     */
    WarmUpTalk(
            RingwaySelector client,
            RingwaySocketChannel a,
            RingwaySelector server,
            RingwaySocketChannel b,
            List<SelectionKey> others,
            long end)
            throws IOException {
        this.near = new End(client, a, end);
        this.far = new End(server, b, end);
        this.others = others;
        this.end = end;
    }

    /** @param turn how many connections there were before */
    void run(int rounds, int turn) throws IOException {
        for (int i = 0; i < rounds && System.nanoTime() - end < 0; i++) {
            int size = i % LARGE_EVERY == LARGE_EVERY - 1 ? LARGE : SMALL;
            if (i % CHANGE_EVERY == 0 && !others.isEmpty()) {
                change(others.get(i / CHANGE_EVERY % others.size()));
            }
            pass(near, far, size, i);
            pass(far, near, size, i);
        }
        if (turn % BURST_EVERY == 1) {
            burst(near, far);
            burst(far, near);
        }
        if (turn % SLEEP_EVERY == SLEEP_EVERY - 1) {
            near.selector.select(1);
            far.selector.select(1);
            far.selector.wakeup();
            far.selector.select(1);
        }
        near.channel.shutdownOutput();
        far.awaitEnd();
    }

    private static void change(SelectionKey key) {
        key.interestOps(key.interestOps() == 0 ? key.channel().validOps() : 0);
    }

    private static void pass(End from, End to, int size, int round) throws IOException {
        ByteBuffer buffer = from.buffers[round & 1].clear().limit(size);
        from.channel.write(buffer);
        to.receive(size, round);
    }

    private static void burst(End from, End to) throws IOException {
        int sent = 0;
        int n = 1;
        for (int i = 0; i < BURST && n > 0; i++) {
            n = from.channel.write(from.buffers[0].clear());
            sent += n;
        }
        to.receive(sent, 0);
        from.selector.selectNow();
    }

    /** One end: a selector and a channel that it selects. */
    private static final class End {
        /** One selection in this many goes through the set of keys; the others hand the keys to an action. */
        private static final int SET_EVERY = 2;

        final RingwaySelector selector;
        final RingwaySocketChannel channel;
        final ByteBuffer[] buffers = {ByteBuffer.allocateDirect(LARGE), ByteBuffer.allocate(LARGE)};
        private final SelectionKey key;
        private final List<Consumer<SelectionKey>> actions =
                List.of(new FirstAction(), new SecondAction(), new ThirdAction());
        private final long end;
        private int received;
        private boolean ended;
        private int round;

        End(RingwaySelector selector, RingwaySocketChannel channel, long end) throws IOException {
            this.selector = selector;
            this.channel = channel;
            this.end = end;
            this.key = channel.register(selector, SelectionKey.OP_READ);
        }

        /** Programs have actions of classes of their own: with one class alone the compiler counts on it. */
        private final class FirstAction implements Consumer<SelectionKey> {
            @Override
            public void accept(SelectionKey selected) {
                take(selected);
            }
        }

        private final class SecondAction implements Consumer<SelectionKey> {
            @Override
            public void accept(SelectionKey selected) {
                take(selected);
            }
        }

        private final class ThirdAction implements Consumer<SelectionKey> {
            @Override
            public void accept(SelectionKey selected) {
                take(selected);
            }
        }

        private void take(SelectionKey selected) {
            try {
                read(selected);
            } catch (IOException e) {
                ended = true;
            }
        }

        private void read(SelectionKey selected) throws IOException {
            if (selected.isValid() && selected.isReadable() && selected.channel() == channel) {
                int n = channel.read(buffers[round & 1].clear());
                ended |= n < 0;
                received += n;
            }
        }

        /** Selects and reads until {@code size} bytes have come, the connection ends or the time is over. */
        void receive(int size, int number) throws IOException {
            received = 0;
            round = number;
            while (received < size && !ended && System.nanoTime() - end < 0) {
                step();
            }
        }

        void awaitEnd() throws IOException {
            while (!ended && System.nanoTime() - end < 0) {
                step();
            }
            key.interestOps(SelectionKey.OP_WRITE);
            selector.selectNow();
            selector.selectedKeys().clear();
        }

        private void step() throws IOException {
            if (round % SET_EVERY == 1) {
                selector.select(actions.get(round / SET_EVERY % actions.size()), 1);
            } else if (selector.select(1) > 0) {
                Iterator<SelectionKey> i = selector.selectedKeys().iterator();
                while (i.hasNext()) {
                    SelectionKey selected = i.next();
                    i.remove();
                    read(selected);
                }
            }
        }
    }
}
