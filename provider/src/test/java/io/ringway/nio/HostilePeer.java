package io.ringway.nio;

import io.ringway.RingwaySelectorProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A process that talks to an echo server. Arguments: port, seed, and the number of rounds after which it begins to write
 * garbage into everything that it shares; 0 for never: then it checks what it gets back, until it is told to end, but for
 * a good number of rounds at least.
 */
final class HostilePeer {
    private static final int CONNECTIONS = 3;
    private static final int LARGEST = 40_000;
    /** Control words, slots and the first frames. */
    private static final long SHARED = 8 << 20;

    private static final long LIFE = 1_500_000_000L;

    private static final long ROUNDS = 300;

    private static volatile long rounds;

    private HostilePeer() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        long hostileAfter = Long.parseLong(arguments[2]);
        RingwaySelectorProvider provider = new RingwaySelectorProvider();
        List<RingwaySocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketChannel channel = provider.openSocketChannel();
            channel.connect(new InetSocketAddress("127.0.0.1", port));
            channels.add((RingwaySocketChannel) channel);
        }
        System.out.println("connected");
        if (hostileAfter == 0) {
            talk(channels, new Random(seed));
            System.out.println("rounds " + rounds);
            return;
        }
        Thread.ofPlatform().daemon().start(() -> {
            try {
                talk(channels, new Random(seed));
            } catch (IOException | RuntimeException e) {
                // The server has had enough of it.
            }
        });
        while (rounds < hostileAfter) {
            Thread.onSpinWait();
        }
        scribble(channels.getFirst().datapath, new Random(seed));
        System.out.println("done");
    }

    private static void talk(List<RingwaySocketChannel> channels, Random random) throws IOException {
        ByteBuffer out = ByteBuffer.allocateDirect(LARGEST);
        ByteBuffer in = ByteBuffer.allocate(LARGEST);
        long done = 0;
        while (done < ROUNDS || System.in.available() == 0) {
            for (RingwaySocketChannel channel : channels) {
                out.clear().limit(1 + random.nextInt(random.nextBoolean() ? 200 : LARGEST));
                for (int i = 0; i < out.limit(); i++) {
                    out.put(i, (byte) random.nextInt());
                }
                in.clear().limit(out.limit());
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                while (in.hasRemaining()) {
                    if (channel.read(in) < 0) {
                        throw new IOException("end of the stream after " + done + " rounds");
                    }
                }
                if (!in.flip().equals(out.flip())) {
                    throw new IOException("wrong bytes after " + done + " rounds");
                }
                done++;
                rounds = done;
            }
        }
    }

    private static void scribble(Datapath datapath, Random random) {
        MemorySegment memory = datapath.lanes()[0].queue.memory();
        long size = Math.min(SHARED, memory.byteSize());
        long end = System.nanoTime() + LIFE;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 64; i++) {
                long at = random.nextLong(size) & -8;
                long value = random.nextInt(3) == 0
                        ? memory.get(ValueLayout.JAVA_LONG, at) + random.nextInt(5) - 2
                        : random.nextLong() >>> random.nextInt(64);
                memory.set(ValueLayout.JAVA_LONG, at, value);
            }
        }
    }
}
