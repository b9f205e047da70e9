package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory on loan is bounded, and comes back whatever the program does with it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RegisteredBoundTest {
    private static final int SIZE = RegisteredBuffers.MAX_SIZE;
    private static final int BOUND = 4 * SIZE;

    @TempDir
    Path directory;

    private RegisteredPair bounded() throws Exception {
        RegisteredPair pair = new RegisteredPair(
                directory, "ringway.registered.memory", Integer.toString(BOUND), "ringway.memory", "64m");
        pair.assertAccelerated();
        return pair;
    }

    @Test
    void aboveTheBoundThereIsOrdinaryMemory() throws Exception {
        try (RegisteredPair pair = bounded()) {
            List<RegisteredBuffer> lent = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                lent.add(pair.filled(SIZE, i));
                assertTrue(lent.get(i).isByReference());
            }
            assertEquals(BOUND, pair.memory().pinned());
            RegisteredBuffer fifth = pair.filled(SIZE, 4);
            assertFalse(fifth.isByReference());
            assertEquals(1, pair.memory().refusals());
            lent.add(fifth);

            assertEquals(5L * SIZE, pair.buffers.write(pair.client, lent.toArray(new RegisteredBuffer[0])));
            assertEquals(SIZE, pair.memory().copied());
            for (int i = 0; i < 5; i++) {
                try (RegisteredBuffer in = pair.buffers.receive(pair.server)) {
                    RegisteredPair.assertBytes(SIZE, i, in.buffer());
                }
            }
            pair.awaitFramesHome();
            try (RegisteredBuffer again = pair.filled(SIZE, 4)) {
                assertTrue(again.isByReference());
            }
        }
    }

    @Test
    void whatIsSentAndNotReadStaysPinned() throws Exception {
        try (RegisteredPair pair = bounded()) {
            for (int i = 0; i < 4; i++) {
                pair.buffers.write(pair.client, pair.filled(SIZE, i));
            }
            assertEquals(BOUND, pair.memory().pinned());
            assertFalse(pair.filled(SIZE, 4).isByReference());
        }
    }

    @Test
    void whoKeepsWhatItReceivedGetsCopiesAndTheStreamGoesOn() throws Exception {
        try (RegisteredPair pair = bounded()) {
            List<RegisteredBuffer> held = new ArrayList<>();
            int lent = 0;
            ByteBuffer out = ByteBuffer.allocateDirect(SIZE);
            // Far more than fits into all windows and buffers.
            for (int i = 0; i < 400; i++) {
                RegisteredPair.fill(out.clear(), i);
                pair.client.write(out);
                ByteBuffer in = ByteBuffer.allocate(SIZE);
                while (in.hasRemaining()) {
                    RegisteredBuffer part = pair.buffers.receive(pair.server);
                    lent += part.isByReference() ? 1 : 0;
                    in.put(part.buffer().duplicate());
                    held.add(part);
                }
                RegisteredPair.assertBytes(SIZE, i, in.flip());
            }
            assertEquals(4, lent);
            assertEquals(BOUND, pair.memory().receivedPinned());
            assertTrue(pair.memory().receiveRefusals() >= 396);
            held.forEach(RegisteredBuffer::release);
            assertEquals(0, pair.memory().receivedPinned());
        }
    }

    @Test
    void oneConnectionCanNotLendAll() throws Exception {
        try (RegisteredPair pair = new RegisteredPair(directory)) {
            List<RegisteredBuffer> held = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                pair.buffers.write(pair.client, pair.filled(SIZE, i));
                RegisteredBuffer in = pair.buffers.receive(pair.server);
                RegisteredPair.assertBytes(SIZE, i, in.buffer());
                held.add(in);
            }
            assertTrue(held.getFirst().isByReference());
            assertFalse(held.getLast().isByReference());
            assertTrue(pair.memory().receivedPinned() < pair.memory().bound() / 2);
            held.forEach(RegisteredBuffer::release);
        }
    }

    @Test
    void withNoMemoryAllIsCopied() throws Exception {
        try (RegisteredPair pair = new RegisteredPair(directory, "ringway.registered.memory", "0")) {
            pair.assertAccelerated();
            RegisteredBuffer out = pair.filled(SIZE, 1);
            assertFalse(out.isByReference());
            pair.buffers.write(pair.client, out);
            RegisteredBuffer in = pair.buffers.receive(pair.server);
            assertFalse(in.isByReference());
            RegisteredPair.assertBytes(SIZE, 1, in.buffer());
            assertEquals(2 * SIZE, pair.memory().copied());
        }
    }

    @Test
    void onTheKernelsPathAllIsCopied() throws Exception {
        try (RegisteredPair pair = new RegisteredPair(directory, "ringway.exclude", "*")) {
            RegisteredBuffer out = pair.filled(1_000, 1);
            ByteBuffer kept = out.buffer();
            assertFalse(out.isByReference());
            assertEquals(1_000, pair.buffers.write(pair.client, out));
            assertFalse(kept.hasRemaining());
            try (RegisteredBuffer in = pair.buffers.receive(pair.server)) {
                RegisteredPair.assertBytes(1_000, 1, in.buffer());
            }
        }
    }

    @Test
    void forgottenBuffersComeBack() throws Exception {
        try (RegisteredPair pair = bounded()) {
            forget(pair);
            RegisteredPair.await("the memory is back", () -> {
                System.gc();
                try (RegisteredBuffer next = pair.filled(SIZE, 0)) {
                    return next.isByReference() && pair.memory().leaks() == 4;
                }
            });
            pair.awaitFramesHome();
        }
    }

    private static void forget(RegisteredPair pair) throws Exception {
        pair.buffers.write(pair.client, pair.filled(SIZE, 1));
        pair.buffers.receive(pair.server);
        for (int i = 0; i < 4; i++) {
            pair.filled(SIZE, i);
        }
    }

    @Test
    void aSliceThatIsKeptKeepsItsMemory() throws Exception {
        try (RegisteredPair pair = bounded()) {
            ByteBuffer slice = sliceOf(pair);
            pair.buffers.write(pair.client, pair.filled(SIZE, 5));
            ByteBuffer received = pair.buffers.receive(pair.server).buffer().slice(1_000, 1_000);
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(5);
                pair.filled(SIZE, 9).release();
            }
            RegisteredPair.assertBytes(1_000, 7, slice);
            RegisteredPair.assertBytes(1_000, 5 + 1_000 * 31, received);
            assertEquals(0, pair.memory().leaks());
            // Its loan is still found, and can be sent.
            assertEquals(1_000, pair.buffers.write(pair.client, slice));
            assertEquals(1, pair.memory().hits());
        }
    }

    private static ByteBuffer sliceOf(RegisteredPair pair) {
        return pair.filled(SIZE, 7).buffer().slice(0, 1_000);
    }

    @Test
    void loansOutliveTheirChannel() throws Exception {
        RegisteredPair pair = bounded();
        pair.buffers.write(pair.client, pair.filled(SIZE, 1));
        pair.buffers.write(pair.client, pair.filled(SIZE, 2));
        RegisteredBuffer in = pair.buffers.receive(pair.server);
        RegisteredBuffer out = pair.filled(SIZE, 3);
        pair.close();
        RegisteredPair.assertBytes(SIZE, 1, in.buffer());
        RegisteredPair.assertBytes(SIZE, 3, out.buffer());
        in.release();
        out.release();
        pair.awaitFramesHome();
    }

    @Test
    void loansOutliveAMoveOfTheirConnection() throws Exception {
        try (RegisteredPair pair = bounded();
                Selector first = pair.channels.openSelector();
                Selector second = pair.channels.openSelector()) {
            pair.server.configureBlocking(false);
            pair.client.configureBlocking(false);
            RegisteredBuffer before = pair.filled(SIZE, 1);
            pair.buffers.write(pair.client, before);
            SelectionKey key = pair.server.register(first, SelectionKey.OP_READ);
            pair.client.register(first, 0);
            assertTrue(first.select(20_000) > 0);
            RegisteredBuffer in = pair.buffers.receive(pair.server);
            RegisteredBuffer out = pair.filled(SIZE, 2);
            key.cancel();
            first.selectNow();
            pair.server.register(second, SelectionKey.OP_READ);
            second.selectNow();
            assertEquals(SIZE, pair.buffers.write(pair.client, out));
            assertTrue(second.select(20_000) > 0);
            RegisteredBuffer next = pair.buffers.receive(pair.server);
            RegisteredPair.assertBytes(SIZE, 1, in.buffer());
            RegisteredPair.assertBytes(SIZE, 2, next.buffer());
            in.release();
            next.release();
            pair.awaitFramesHome();
        }
    }
}
