package io.ringway.compat.faults;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** What the programs in child JVMs share: addresses, printing for the parent, waiting for it. */
final class Child {
    private static final int CHUNK = 64 * 1024;

    /** The seed of everything that a child sends or expects. */
    static final long SEED = 1;

    private Child() {}

    static void print(String line) {
        Parent.tell(line);
    }

    /** Returns when the parent ends this program's standard input. */
    static void awaitParent() throws IOException {
        Parent.awaitEnd();
    }

    static SocketChannel connect(String host, String port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, Integer.parseInt(port)));
        print("connected");
        return channel;
    }

    static ServerSocketChannel listen(String loopback) throws IOException {
        Loopback kind = Loopback.valueOf(loopback);
        ServerSocketChannel listener = ServerSocketChannel.open().bind(kind.bindAddress());
        print("port " + ((InetSocketAddress) listener.getLocalAddress()).getPort());
        return listener;
    }

    static void send(SocketChannel to, long total) throws Exception {
        SeededBytes bytes = new SeededBytes(SEED);
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        while (bytes.position() < total) {
            chunk.clear().limit((int) Math.min(CHUNK, total - bytes.position()));
            bytes.fill(chunk);
            Io.write(to, chunk.flip());
        }
    }

    /** Reads and checks what {@link #send} writes, up to the end of the stream. */
    static long receive(SocketChannel from) throws Exception {
        SeededBytes bytes = new SeededBytes(SEED);
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        while (from.read(chunk.clear()) >= 0) {
            bytes.check(chunk.flip());
        }
        return bytes.position();
    }
}
