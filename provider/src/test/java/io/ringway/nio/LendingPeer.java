package io.ringway.nio;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import io.ringway.RingwaySelectorProvider;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A process with registered buffers. Arguments: a port, what to do, and how often. "send": so many buffers, numbered from
 * 0. "hold": receives so many bytes and releases nothing. Then it waits to be killed.
 */
final class LendingPeer {
    private static final int LIFE = 60_000;

    private LendingPeer() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[2]);
        SocketChannel channel = new RingwaySelectorProvider().openSocketChannel();
        channel.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
        RegisteredBuffers buffers = RegisteredBuffers.of(channel);
        List<RegisteredBuffer> held = new ArrayList<>();
        if (arguments[1].equals("send")) {
            for (int i = 0; i < count; i++) {
                RegisteredBuffer buffer = buffers.allocate(RegisteredBuffers.MAX_SIZE);
                RegisteredPair.fill(buffer.buffer(), i);
                buffers.write(channel, buffer);
            }
        } else {
            for (int left = count; left > 0; ) {
                RegisteredBuffer part = buffers.receive(channel);
                left -= part.buffer().remaining();
                held.add(part);
            }
        }
        long lent = held.stream().filter(RegisteredBuffer::isByReference).count();
        System.out.println("done " + lent);
        Thread.sleep(LIFE);
        channel.write(ByteBuffer.wrap(new byte[held.size()]));
    }
}
