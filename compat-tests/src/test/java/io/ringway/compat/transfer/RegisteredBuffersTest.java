package io.ringway.compat.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ringway's own way to send and receive, on every path; and the counters of what was copied. */
class RegisteredBuffersTest {
    private static final int SIZE = 1 << 16;
    private static final int MANY = 200;

    @BeforeAll
    static void onlyRingwayHasIt() {
        assumeTrue(ProviderUnderTest.current() != ProviderUnderTest.JDK);
    }

    private static long counter(String name) {
        return ManagementBean.counter(name);
    }

    @Tag("smoke")
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void aStreamArrivesByteForByte(boolean sentSo, boolean receivedSo) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Registration registration = new Registration(pair.client());
            long in = counter("BytesByReferenceIn");
            long copied = counter("BytesCopiedIn");
            try (Background<@Nullable Void> writer = Background.run(() -> send(registration, pair, sentSo))) {
                SeededBytes expected = new SeededBytes(4);
                ByteBuffer target = ByteBuffer.allocate(50_000);
                for (boolean more = true; more; ) {
                    more = receivedSo
                            ? receive(registration, pair, expected)
                            : pair.server().read(target.clear()) >= 0;
                    if (!receivedSo) {
                        expected.check(target.flip());
                    }
                }
                assertEquals((long) MANY * SIZE, expected.position());
                writer.result();
            }
            if (ProviderUnderTest.current().accelerates()) {
                long byReference = counter("BytesByReferenceIn") - in;
                assertEquals((long) MANY * SIZE, byReference + counter("BytesCopiedIn") - copied);
                assertEquals(sentSo, byReference > 0);
            } else {
                assertEquals(in, counter("BytesByReferenceIn"));
            }
        }
    }

    private static void send(Registration registration, TcpPair pair, boolean registered) throws Exception {
        SeededBytes source = new SeededBytes(4);
        for (int i = 0; i < MANY; i++) {
            if (registered) {
                Object buffer = registration.allocate(SIZE);
                ByteBuffer bytes = registration.bytes(buffer);
                source.fill(bytes);
                bytes.flip();
                assertEquals(SIZE, registration.write(pair.client(), buffer));
                assertThrows(IllegalStateException.class, () -> registration.bytes(buffer));
            } else {
                pair.client().write(source.next(SIZE));
            }
        }
        pair.client().shutdownOutput();
    }

    /** Checks what comes next; false at the end. */
    private static boolean receive(Registration registration, TcpPair pair, SeededBytes expected) throws Exception {
        Object buffer = registration.receive(pair.server());
        assertNotNull(buffer);
        boolean end = registration.is(buffer, "isEndOfStream");
        expected.check(registration.bytes(buffer));
        registration.release(buffer);
        return !end;
    }

    @Test
    void aSelectorTellsOfThem() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            Registration registration = new Registration(pair.client());
            assertNull(registration.receive(pair.server()));
            pair.client().register(selector, SelectionKey.OP_WRITE);
            pair.server().register(selector, SelectionKey.OP_READ);
            SeededBytes source = new SeededBytes(5);
            SeededBytes expected = new SeededBytes(5);
            Object next = filled(registration, source);
            while (expected.position() < (long) MANY * SIZE) {
                assertEquals(true, selector.select(20_000) > 0);
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isReadable()) {
                        receive(registration, pair, expected);
                    } else if (registration.write(pair.client(), next) > 0 && isDead(registration, next)) {
                        next = filled(registration, source);
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private static boolean isDead(Registration registration, Object buffer) throws Exception {
        try {
            return !registration.bytes(buffer).hasRemaining();
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private static Object filled(Registration registration, SeededBytes source) throws Exception {
        Object buffer = registration.allocate(SIZE);
        ByteBuffer bytes = registration.bytes(buffer);
        source.fill(bytes);
        bytes.flip();
        return buffer;
    }

    @Test
    void ordinaryWritesAndReadsCopyOnceEachWay() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            long in = counter("BytesCopiedIn");
            long out = counter("BytesCopiedOut");
            ByteBuffer target = ByteBuffer.allocate(SIZE);
            for (int i = 0; i < 10; i++) {
                pair.client().write(ByteBuffer.allocate(SIZE));
                target.clear();
                while (target.hasRemaining()) {
                    pair.server().read(target);
                }
            }
            pair.close();
            long each = ProviderUnderTest.current().accelerates() ? 10L * SIZE : 0;
            Await.until("all is counted", () -> counter("BytesCopiedOut") - out >= each);
            assertEquals(each, counter("BytesCopiedIn") - in);
            assertEquals(each, counter("BytesCopiedOut") - out);
        }
    }
}
