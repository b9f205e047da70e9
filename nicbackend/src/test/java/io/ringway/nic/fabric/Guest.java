package io.ringway.nic.fabric;

import io.ringway.linux.Poller;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Resolution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A process on the fabric that does what its standard input says, one command per line, and answers each by a line. In
 * between it polls, and echoes every frame.
 */
public final class Guest implements FrameHandler {
    /** Where to connections need a local port. */
    static final IpEndpoint SOMEWHERE = IpEndpoint.v4(0x7f00_0001, 80);

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final FabricPort port;
    private final FabricQueue queue;
    private long echoed;
    private long gone;
    private boolean echoing = true;
    private boolean sleepy;

    private Guest(FabricSettings settings) throws IOException {
        port = FabricPort.open(settings);
        port.setStatusSource(() -> "echoed " + echoed);
        queue = port.openQueue();
    }

    /** Arguments: directory, guest name, oldest and newest wire version. */
    public static void main(String[] args) throws Exception {
        FabricSettings settings = FabricSettings.defaults()
                .withDirectory(Path.of(args[0]))
                .withMemoryBytes(64 << 20)
                .withGuestName(args[1])
                .withAnswerMillis(5000)
                .withVersions(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        new Guest(settings).run();
    }

    private void run() throws Exception {
        ConcurrentLinkedQueue<String> commands = new ConcurrentLinkedQueue<>();
        Thread reader = new Thread(() -> read(commands));
        reader.setDaemon(true);
        reader.start();
        while (true) {
            String command = commands.poll();
            if (command != null) {
                answer(execute(command.split(" ")));
            }
            if (queue.receive(this, 64) == 0) {
                if (sleepy) {
                    sleep(queue, this);
                } else {
                    Thread.yield();
                }
            }
        }
    }

    /** Sleeps until something was received, or the doorbell rings for another reason. */
    static void sleep(FabricQueue queue, FrameHandler handler) throws IOException {
        queue.arm();
        if (queue.receive(handler, 64) == 0) {
            new Poller().poll(new int[] {queue.doorbell()}, 1, -1, new boolean[1]);
        }
        queue.disarm();
        queue.clearDoorbell();
    }

    @SuppressWarnings("SystemOut")
    private static void answer(String text) {
        System.out.println(text);
    }

    private void read(ConcurrentLinkedQueue<String> commands) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                queue.ring();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private String execute(String[] command) throws Exception {
        switch (command[0]) {
            case "publish" -> {
                port.publish(loopback(Integer.parseInt(command[1])), false, queue);
                return "published";
            }
            case "connect" -> {
                Resolution found = port.resolve(loopback(Integer.parseInt(command[1])), null);
                return found instanceof Resolution.Found ? "found" : found.toString();
            }
            case "talk" -> {
                return talk(Integer.parseInt(command[1]), Integer.parseInt(command[2]));
            }
            case "send" -> {
                return send(Integer.parseInt(command[1]), Integer.parseInt(command[2]));
            }
            case "sleepy" -> {
                sleepy = true;
                return "sleepy";
            }
            case "silent" -> {
                echoing = false;
                return "silent";
            }
            case "ports" -> {
                return port.claimLocalPort(SOMEWHERE) + " " + port.claimLocalPort(SOMEWHERE);
            }
            case "scribble" -> {
                Scribbler.start(port, Long.parseLong(command[1]));
                return "scribbling";
            }
            case "counts" -> {
                return echoed + " " + gone;
            }
            default -> {
                return "what?";
            }
        }
    }

    /** Sends so many frames to a listener and counts those that come back. */
    private String talk(int listener, int count) throws InterruptedException {
        Resolution found = port.resolve(loopback(listener), null);
        if (!(found instanceof Resolution.Found f)) {
            return found.toString();
        }
        Link link = port.link(queue, f.route());
        Recorder recorder = new Recorder(queue);
        for (int i = 0; i < count; i++) {
            if (i % 3 == 0) {
                Frames.sendFramed(queue, link, i, 300 + i % 60000);
            } else {
                Frames.sendInline(queue, link, i, i % 180);
            }
            while (recorder.count() < i - 8) {
                queue.receive(recorder, 64);
            }
        }
        while (recorder.count() < count) {
            queue.receive(recorder, 64);
            if (!recorder.gone().isEmpty()) {
                return "gone after " + recorder.count();
            }
        }
        recorder.assertNumbers(0, count);
        return "talked";
    }

    /** Sends so many frames and expects none back. */
    private String send(int listener, int count) {
        Resolution found = port.resolve(loopback(listener), null);
        if (!(found instanceof Resolution.Found f)) {
            return found.toString();
        }
        Link link = port.link(queue, f.route());
        for (int i = 0; i < count; i++) {
            if (i % 5 == 0) {
                Frames.sendFramed(queue, link, i, 3000, false);
            } else {
                Frames.sendInline(queue, link, i, 100);
            }
        }
        return "sent";
    }

    static IpEndpoint loopback(int number) {
        return IpEndpoint.v4(0x7f000001, number);
    }

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
        if (echoing) {
            echo(source, headers, headerLength, payload, at, length);
            echoed++;
        }
        if (frame != 0) {
            queue.release(frame);
        }
    }

    private void echo(Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length) {
        boolean small = headerLength + length <= port.capabilities().inlineBytes();
        long frame = small ? 0 : queue.allocate(length);
        long slot = queue.claim(source, headerLength, small ? length : 0);
        if (slot < 0 || !small && frame == 0) {
            throw new IllegalStateException("no room to echo: slot " + slot + ", frame " + frame);
        }
        for (int i = 0; i < headerLength; i += 8) {
            queue.memory().set(WORD, slot + i, headers[i >>> 3]);
        }
        MemorySegment.copy(payload, at, queue.memory(), small ? slot + headerLength : frame, length);
        queue.commit(source, headerLength, frame, frame, length);
        if (!small) {
            queue.free(frame);
        }
        queue.flush();
    }

    @Override
    public void onPeerGone(Peer peer) {
        gone++;
    }
}
