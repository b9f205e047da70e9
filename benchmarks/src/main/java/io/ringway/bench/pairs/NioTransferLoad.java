package io.ringway.bench.pairs;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * {@link FileChannel#transferTo} of one file, again and again, to a channel in blocking mode; the first transfer is the
 * warm-up. Checks at the end that all of it has arrived.
 */
final class NioTransferLoad extends ThreadLoad {
    private static final long GIGABYTE = 1_000_000_000L;
    private static final int PIECE = 1 << 20;

    private final Options options;
    private long bytes;
    private long nanos;

    NioTransferLoad(Options options) {
        super(false);
        this.options = options;
    }

    @Override
    protected void run(Phases phases) throws IOException {
        long size = options.integer("gigabytes", 1) * GIGABYTE;
        Path path = Files.createTempFile("ringway-transfer", ".bin");
        InetSocketAddress server =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), options.integer("address", 0));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                SocketChannel channel = SocketChannel.open(server)) {
            fill(file, size);
            int rounds = options.integer("rounds", 4);
            transfer(file, size, channel);
            started();
            long begun = System.nanoTime();
            for (int i = 1; i < rounds; i++) {
                transfer(file, size, channel);
            }
            channel.shutdownOutput();
            long arrived = answer(channel);
            nanos = System.nanoTime() - begun;
            bytes = (rounds - 1) * size;
            if (arrived != rounds * size) {
                throw new IOException("Sent " + rounds * size + " bytes, the server read " + arrived);
            }
        } finally {
            Files.delete(path);
        }
    }

    private static void fill(FileChannel file, long size) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        for (int i = 0; i < PIECE; i++) {
            piece.put(i, (byte) (i * 31));
        }
        while (file.position() < size) {
            piece.clear().limit((int) Math.min(PIECE, size - file.position()));
            file.write(piece);
        }
    }

    private static void transfer(FileChannel file, long size, SocketChannel to) throws IOException {
        long done = 0;
        while (done < size) {
            done += file.transferTo(done, size - done, to);
        }
    }

    private static long answer(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(Long.BYTES);
        while (answer.hasRemaining()) {
            if (channel.read(answer) < 0) {
                throw new EOFException("Server closed the connection");
            }
        }
        return answer.getLong(0);
    }

    @Override
    public void report(Result result) {
        result.put("bytes", bytes).put("seconds", nanos / 1e9);
    }

    @Override
    public void close() {}
}
