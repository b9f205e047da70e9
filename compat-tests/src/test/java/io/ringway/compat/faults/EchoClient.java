package io.ringway.compat.faults;

import io.ringway.compat.support.SeededBytes;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Sends that many bytes to a server that echoes, and checks what comes back. Arguments: host, port, number of bytes. */
final class EchoClient {
    private static final int CHUNK = 64 * 1024;

    private EchoClient() {}

    public static void main(String[] arguments) throws Exception {
        long total = Long.parseLong(arguments[2]);
        try (SocketChannel channel = Child.connect(arguments[0], arguments[1])) {
            Thread.ofPlatform().daemon().start(() -> send(channel, total));
            SeededBytes bytes = new SeededBytes(Child.SEED);
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            while (bytes.position() < total && channel.read(chunk.clear()) >= 0) {
                if (bytes.position() == 0) {
                    Child.print("under way");
                }
                bytes.check(chunk.flip());
            }
            Child.print("echoed " + bytes.position());
        }
    }

    private static void send(SocketChannel channel, long total) {
        try {
            Child.send(channel, total);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
