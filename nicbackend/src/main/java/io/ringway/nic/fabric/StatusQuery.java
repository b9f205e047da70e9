package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.LocalSocket;
import io.ringway.linux.Platform;
import io.ringway.linux.Poller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks one process for its status, from outside of the fabric. */
final class StatusQuery implements PeerStream.Messages {
    private boolean answered;
    private String name = "";
    private int pid;
    private String text = "";

    private StatusQuery() {}

    static void ask(FabricDirectory directory, long nonce, int timeoutMillis, List<FabricDirectory.GuestStatus> all) {
        LocalSocket socket;
        try {
            socket = LocalSocket.connect(directory.socket(nonce), timeoutMillis);
        } catch (LinuxException e) {
            if (FabricDirectory.isDead(e)) {
                directory.sweepSocket(nonce);
            } else {
                all.add(new FabricDirectory.GuestStatus("", 0, "can't be reached: " + e.getMessage()));
            }
            return;
        }
        StatusQuery query = new StatusQuery();
        try (PeerStream stream = new PeerStream(socket, nonce)) {
            query.pid = socket.peerCredentials().pid();
            if (socket.peerCredentials().uid() != Platform.userId()) {
                return;
            }
            stream.send(PeerStream.message(PeerStream.STATUS_REQUEST, 0));
            query.await(stream, timeoutMillis);
        } catch (LinuxException e) {
            query.text = String.valueOf(e.getMessage());
        }
        all.add(new FabricDirectory.GuestStatus(query.name, query.pid, query.text));
    }

    private void await(PeerStream stream, int timeoutMillis) throws LinuxException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Poller poller = new Poller();
        int[] descriptors = {stream.socket().descriptor()};
        while (!answered) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 || poller.poll(descriptors, 1, (int) left, new boolean[1]) == 0) {
                text = "does not answer";
                return;
            }
            if (!stream.read(this) && !answered) {
                text = "left before it answered";
                return;
            }
        }
    }

    @Override
    public void onMessage(PeerStream stream, int type, ByteBuffer content) {
        if (type == PeerStream.STATUS && content.remaining() >= 8) {
            pid = content.getInt();
            byte[] nameBytes = new byte[Math.clamp(content.getInt(), 0, content.remaining())];
            content.get(nameBytes);
            name = new String(nameBytes, StandardCharsets.UTF_8);
            text = StandardCharsets.UTF_8.decode(content).toString();
            answered = true;
        }
    }
}
