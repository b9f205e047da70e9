package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Several threads in the calls of one channel. */
class ConcurrentUseTest {
    @Test
    void ofSeveralReadersEachGetsADifferentPart() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            List<Background<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Background<Integer> reader = Background.start(() -> readByte(pair.server()));
                readers.add(reader);
                reader.awaitInside("read");
            }
            Set<Integer> values = new TreeSet<>();
            Io.write(pair.client(), ByteBuffer.wrap(new byte[] {0, 1, 2, 3}));
            for (Background<Integer> reader : readers) {
                values.add(reader.result());
            }
            assertEquals(Set.of(0, 1, 2, 3), values);
        }
    }

    private static int readByte(SocketChannel channel) throws Exception {
        ByteBuffer one = ByteBuffer.allocate(1);
        assertEquals(1, channel.read(one));
        return one.get(0);
    }

    @Test
    void readsAndWritesWaitForAConnectInProgress() throws Exception {
        try (FullListener full = FullListener.open();
                SocketChannel channel = SocketChannel.open();
                Background<Boolean> connect = Background.start(() -> channel.connect(full.address()))) {
            connect.awaitInside("connect");
            try (Background<Integer> read = Background.start(() -> channel.read(ByteBuffer.allocate(1)));
                    Background<Integer> write = Background.start(() -> channel.write(ByteBuffer.allocate(1)));
                    Background<Boolean> finish = Background.start(channel::finishConnect);
                    Background<Boolean> again = Background.start(() -> channel.connect(full.address()))) {
                read.awaitInside("read");
                write.awaitInside("write");
                finish.awaitInside("finishConnect");
                again.awaitInside("connect");
                assertTrue(channel.isConnectionPending());
                full.acceptAll();
                assertTrue(connect.result());
                assertTrue(finish.result());
                assertEquals(1, write.result());
                again.failure(AlreadyConnectedException.class);
            }
        }
    }

    @Test
    void readsAndWritesThatWaitForAConnectEndWhenItIsClosed() throws Exception {
        try (FullListener full = FullListener.open();
                SocketChannel channel = SocketChannel.open();
                Background<Boolean> connect = Background.start(() -> channel.connect(full.address()))) {
            connect.awaitInside("connect");
            try (Background<Integer> read = Background.start(() -> channel.read(ByteBuffer.allocate(1)));
                    Background<Integer> write = Background.start(() -> channel.write(ByteBuffer.allocate(1)))) {
                read.awaitInside("read");
                write.awaitInside("write");
                channel.close();
                connect.failure(ClosedChannelException.class);
                read.failure(ClosedChannelException.class);
                write.failure(ClosedChannelException.class);
            }
        }
    }

    @Test
    void aReadInProgressDoesNotHinderAWrite() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> reader = Background.start(() -> readByte(pair.client()))) {
            reader.awaitInside("read");
            Io.write(pair.client(), "out");
            assertEquals("out", Io.read(pair.server(), 3));
            assertThrows(AlreadyConnectedException.class, () -> {
                try (Background<Boolean> connect = Background.start(
                        () -> pair.client().connect(pair.server().getLocalAddress()))) {
                    connect.awaitInside("connect");
                    Io.write(pair.server(), ByteBuffer.wrap(new byte[] {7}));
                    assertEquals(7, reader.result());
                    throw connect.failure(AlreadyConnectedException.class);
                }
            });
        }
    }
}
