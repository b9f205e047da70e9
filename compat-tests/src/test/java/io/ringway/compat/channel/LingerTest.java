package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of unsent data when a channel with SO_LINGER closes. */
class LingerTest {
    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 25})
    void whatWasWrittenArrivesWhateverTheInterval(int seconds) throws Exception {
        int total = 3_000_000;
        try (TcpPair pair = TcpPair.open()) {
            pair.client().setOption(StandardSocketOptions.SO_LINGER, seconds);
            try (Background<byte[]> reader = Background.start(() -> Io.readToEnd(pair.server()))) {
                Io.write(pair.client(), new SeededBytes(1).next(total));
                pair.client().close();
                byte[] all = reader.result();
                assertEquals(total, all.length);
                new SeededBytes(1).check(ByteBuffer.wrap(all));
            }
        }
    }

    @Test
    void aCloseThatLingersInVainEnds() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().configureBlocking(false);
            Io.writeUntilFull(pair.client(), 64 * 1024);
            pair.client().configureBlocking(true);
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 1);
            try (Background<@Nullable Void> close =
                    Background.run(() -> pair.client().close())) {
                close.result();
                assertFalse(pair.client().isOpen());
            }
        }
    }

    @Test
    void aCloseThatLingersEndsOnceTheReaderHasEverything() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().configureBlocking(false);
            long accepted = Io.writeUntilFull(pair.client(), 64 * 1024);
            pair.client().configureBlocking(true);
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 60);
            try (Background<@Nullable Void> close =
                    Background.run(() -> pair.client().close())) {
                assertEquals(accepted, Io.countToEnd(pair.server()));
                pair.server().close();
                close.result();
            }
        }
    }
}
