package io.ringway.compat.observe;

import io.ringway.compat.support.Background;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of every socket read and write, however short. */
final class SocketRecording {
    private static final String READ = "jdk.SocketRead";
    private static final String WRITE = "jdk.SocketWrite";

    private SocketRecording() {}

    /** What an event says. {@code timeout}: in milliseconds, of reads. */
    record Seen(String name, String host, String address, int port, long bytes, long timeout, boolean end) {
        static Seen read(SocketChannel from, long bytes, long timeout, boolean end) throws IOException {
            InetSocketAddress remote = (InetSocketAddress) from.getRemoteAddress();
            return new Seen(
                    READ,
                    remote.getHostString(),
                    remote.getAddress().getHostAddress(),
                    remote.getPort(),
                    bytes,
                    timeout,
                    end);
        }

        static Seen read(SocketChannel from, long bytes) throws IOException {
            return read(from, bytes, 0, false);
        }

        static Seen end(SocketChannel from) throws IOException {
            return read(from, 0, 0, true);
        }

        static Seen write(SocketChannel to, long bytes) throws IOException {
            InetSocketAddress remote = (InetSocketAddress) to.getRemoteAddress();
            return new Seen(
                    WRITE,
                    remote.getHostString(),
                    remote.getAddress().getHostAddress(),
                    remote.getPort(),
                    bytes,
                    0,
                    false);
        }

        private static Seen of(RecordedEvent event) {
            boolean read = event.getEventType().getName().equals(READ);
            return new Seen(
                    event.getEventType().getName(),
                    event.getString("host"),
                    event.getString("address"),
                    event.getInt("port"),
                    event.getLong(read ? "bytesRead" : "bytesWritten"),
                    read ? event.getLong("timeout") : 0,
                    read && event.getBoolean("endOfStream"));
        }
    }

    /** What this thread's reads and writes in {@code action} have left, in their order. */
    static List<Seen> of(Background.Action action) throws Exception {
        return events(Duration.ZERO, action).stream().map(Seen::of).toList();
    }

    /** The events of this thread's reads and writes that took longer than {@code threshold}. */
    static List<RecordedEvent> events(Duration threshold, Background.Action action) throws Exception {
        Path file = Files.createTempFile("sockets", ".jfr");
        try (Recording recording = new Recording()) {
            for (String name : List.of(READ, WRITE)) {
                recording.enable(name).withThreshold(threshold).withStackTrace().with("throttle", "off");
            }
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
            long self = Thread.currentThread().threadId();
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event ->
                            event.getThread() != null && event.getThread().getJavaThreadId() == self)
                    .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }
}
