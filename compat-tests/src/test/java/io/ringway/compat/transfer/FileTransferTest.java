package io.ringway.compat.transfer;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code FileChannel.transferTo} and {@code transferFrom} with socket channels at the other end. */
class FileTransferTest {
    @TempDir
    private Path directory;

    private FileChannel fileOf(int size, long seed) throws IOException {
        Path path = Files.write(
                directory.resolve("source"), new SeededBytes(seed).next(size).array());
        return FileChannel.open(path, READ);
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "true, 10000", "true, 20000000", "false, 1", "false, 10000", "false, 20000000"})
    void aFileIsTransferredToAChannel(boolean blocking, int size) throws Exception {
        try (TcpPair pair = TcpPair.open();
                FileChannel file = fileOf(size, 1)) {
            pair.client().configureBlocking(blocking);
            try (Background<@Nullable Void> writer = Background.run(() -> {
                transfer(file, 0, size, pair.client());
                pair.client().shutdownOutput();
            })) {
                assertEquals(size, check(pair.server(), new SeededBytes(1)));
                writer.result();
                assertEquals(0, file.position());
            }
        }
    }

    private static void transfer(FileChannel file, long from, long count, SocketChannel to) throws Exception {
        long done = 0;
        while (done < count) {
            long n = file.transferTo(from + done, count - done, to);
            done += n;
            if (n == 0) {
                Await.pause();
            }
        }
    }

    private static long check(SocketChannel from, SeededBytes expected) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        while (Io.readSome(from, buffer.clear()) >= 0) {
            expected.check(buffer.flip());
        }
        return expected.position();
    }

    @Test
    void aPartOfAFileIsTransferred() throws Exception {
        try (TcpPair pair = TcpPair.open();
                FileChannel file = fileOf(100_000, 2)) {
            assertEquals(50_000, file.transferTo(20_000, 50_000, pair.client()));
            pair.client().shutdownOutput();
            SeededBytes expected = new SeededBytes(2);
            expected.fill(ByteBuffer.allocate(20_000));
            assertEquals(70_000, check(pair.server(), expected));
        }
    }

    @Test
    void nothingIsTransferredBeyondTheEndOfTheFile() throws Exception {
        try (TcpPair pair = TcpPair.open();
                FileChannel file = fileOf(1000, 3)) {
            assertEquals(0, file.transferTo(1000, 10, pair.client()));
            assertEquals(0, file.transferTo(5000, 10, pair.client()));
            assertEquals(400, file.transferTo(600, 10_000, pair.client()));
            pair.client().shutdownOutput();
            assertEquals(400, Io.countToEnd(pair.server()));
        }
    }

    @Test
    void aNonBlockingTransferStopsWhenThePeerIsFull() throws Exception {
        int size = 30_000_000;
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                FileChannel file = fileOf(size, 4)) {
            long done = 0;
            for (int refusals = 0; refusals < 20; ) {
                long n = file.transferTo(done, size - done, pair.client());
                done += n;
                refusals = n == 0 ? refusals + 1 : 0;
                Await.pause();
            }
            assertEquals(true, done < size, "the peer never was full");
            pair.client().shutdownOutput();
            assertEquals(done, check(pair.server(), new SeededBytes(4)));
        }
    }

    @Test
    void aTransferToAnUnusableChannelThrows() throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel unconnected = SocketChannel.open();
                FileChannel file = fileOf(1000, 5)) {
            assertThrows(NotYetConnectedException.class, () -> file.transferTo(0, 10, unconnected));
            pair.client().close();
            assertThrows(ClosedChannelException.class, () -> file.transferTo(0, 10, pair.client()));
            pair.server().shutdownOutput();
            assertThrows(ClosedChannelException.class, () -> file.transferTo(0, 10, pair.server()));
        }
    }

    @Test
    void closingTheChannelEndsABlockedTransfer() throws Exception {
        int size = 50_000_000;
        try (TcpPair pair = TcpPair.open();
                FileChannel file = fileOf(size, 6);
                Background<@Nullable Void> transfer = Background.run(() -> transfer(file, 0, size, pair.client()))) {
            transfer.awaitInside("transferTo");
            pair.client().close();
            transfer.failure(ClosedChannelException.class);
            assertEquals(true, file.isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChannelIsTransferredToAFile(boolean blocking) throws Exception {
        int size = 10_000_000;
        Path target = directory.resolve("target");
        try (TcpPair pair = TcpPair.open();
                FileChannel file = FileChannel.open(target, CREATE, WRITE);
                Background<@Nullable Void> writer = Background.run(() -> {
                    Io.write(pair.client(), new SeededBytes(7).next(size));
                    pair.client().shutdownOutput();
                })) {
            pair.server().configureBlocking(blocking);
            long[] done = {0};
            Await.until("all is in the file", () -> {
                done[0] += file.transferFrom(pair.server(), done[0], size - done[0]);
                return done[0] == size;
            });
            writer.result();
            assertEquals(0, file.transferFrom(pair.server(), done[0], 100));
        }
        new SeededBytes(7).check(ByteBuffer.wrap(Files.readAllBytes(target)));
        assertEquals(size, Files.size(target));
    }

    @Test
    void mappedBuffersAreWrittenAndReadInto() throws Exception {
        int size = 1_000_000;
        Path target = directory.resolve("mapped");
        try (TcpPair pair = TcpPair.open();
                FileChannel source = fileOf(size, 8);
                FileChannel file = FileChannel.open(target, CREATE, READ, WRITE)) {
            ByteBuffer out = source.map(FileChannel.MapMode.READ_ONLY, 0, size);
            ByteBuffer in = file.map(FileChannel.MapMode.READ_WRITE, 0, size);
            try (Background<@Nullable Void> writer = Background.run(() -> Io.write(pair.client(), out))) {
                Io.fill(pair.server(), in);
                writer.result();
            }
            new SeededBytes(8).check(in.flip());
        }
    }
}
