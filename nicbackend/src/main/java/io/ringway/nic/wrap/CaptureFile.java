package io.ringway.nic.wrap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A capture in the pcapng format (draft-ietf-opsawg-pcapng), as Wireshark opens it: one section, an interface of link
 * type "raw IP" with time stamps in nanoseconds for each port, an enhanced packet block per packet, and at the end the
 * interfaces' statistics with the counts of packets that were dropped. A thread of its own writes it, up to a bound; after that
 * packets are counted as dropped. Any thread.
 */
public final class CaptureFile implements AutoCloseable {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration LAST_WRITES = Duration.ofSeconds(1);

    private final FileChannel file;
    private final WritableByteChannel out;
    private final BufferedOutputStream buffer;
    private final List<String> ports;
    private final long limit;
    private final long epochBase;
    private final long nanoBase = System.nanoTime();
    private final List<PacketRing> rings = new CopyOnWriteArrayList<>();
    private final Thread writer;
    private long written;
    private volatile boolean full;
    private volatile boolean closed;
    private volatile String trouble = "";

    private CaptureFile(FileChannel file, long limit, List<String> ports) throws IOException {
        Instant now = Instant.now();
        this.epochBase = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        this.file = file;
        this.ports = ports;
        this.limit = limit;
        this.buffer = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16);
        this.out = Channels.newChannel(buffer);
        write(PcapngBlock.section());
        for (String port : ports) {
            write(PcapngBlock.interfaceDescription(port));
        }
        buffer.flush();
        writer = new Thread(null, this::run, "ringway-capture", 0, false);
        writer.setDaemon(true);
    }

    /**
     * Begins a capture; replaces the file.
     *
     * @param limit the most bytes that the file may have
     * @param ports the names of the ports whose packets will be recorded, each another one
     * @throws IOException also when another process captures to the same file
     */
    public static CaptureFile create(Path path, long limit, List<String> ports) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw new IOException(path + " is being written by another process");
            }
            file.truncate(0);
            CaptureFile capture = new CaptureFile(file, limit, List.copyOf(ports));
            capture.writer.start();
            return capture;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The way in for one device queue of the port of that name. */
    PacketRing openRing(String port) {
        int number = ports.indexOf(port);
        if (number < 0) {
            throw new IllegalArgumentException("the capture has no interface for port " + port);
        }
        PacketRing ring = new PacketRing(number);
        rings.add(ring);
        return ring;
    }

    /** Packets of the port of that name that are not in the file because it was full, or its writer behind. */
    long dropped(String port) {
        int number = ports.indexOf(port);
        long sum = 0;
        for (PacketRing ring : rings) {
            sum += ring.port == number ? ring.dropped() : 0;
        }
        return sum;
    }

    /** Why nothing more is written, or an empty text. */
    public String trouble() {
        return trouble;
    }

    /**
     * Begins a block for a packet in {@code ring}.
     *
     * @return where in the ring's memory the packet's bytes go, or -1 if there is no room
     */
    long begin(PacketRing ring, int packet) {
        if (full) {
            ring.drop();
            return -1;
        }
        int at = ring.claim(PcapngBlock.packetBytes(packet));
        return at < 0 ? -1 : at + PcapngBlock.BEFORE_PACKET;
    }

    /** Writes what stands around the packet's bytes at {@code data}, and hands the block on. */
    void commit(PacketRing ring, long data, int packet, boolean outbound) {
        PcapngBlock.aroundPacket(ring.memory(), data, packet, ring.port, time(), outbound);
        ring.commit(PcapngBlock.packetBytes(packet));
    }

    private long time() {
        return epochBase + System.nanoTime() - nanoBase;
    }

    // ---- the writer's thread ----

    private void write(ByteBuffer block) throws IOException {
        written += block.remaining();
        out.write(block);
    }

    private void run() {
        try {
            while (!closed) {
                if (!drain()) {
                    LockSupport.parkNanos(PAUSE);
                }
            }
            drain();
            finish();
        } catch (IOException e) {
            full = true;
            trouble = "the capture ended: " + e.getMessage();
        }
    }

    /** Whether there was something to write. */
    private boolean drain() throws IOException {
        long before = written;
        for (PacketRing ring : rings) {
            written += ring.drainTo(out, full ? 0 : limit - written - (long) PcapngBlock.STATISTICS * ports.size());
            full |= ring.hasDiscarded();
        }
        buffer.flush();
        return written != before;
    }

    private void finish() throws IOException {
        for (int i = 0; i < ports.size(); i++) {
            long taken = 0;
            for (PacketRing ring : rings) {
                taken += ring.port == i ? ring.taken() : 0;
            }
            write(PcapngBlock.statistics(i, time(), taken, dropped(ports.get(i))));
        }
        buffer.flush();
        file.close();
    }

    /** Writes what is under way and the statistics, bounded in time. Nothing is recorded afterwards. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(LAST_WRITES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        full = true;
    }
}
