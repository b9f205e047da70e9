package io.ringway.nic.wrap;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Nic;
import io.ringway.nic.Peer;
import io.ringway.nic.Port;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricSettings;
import io.ringway.nic.offload.TestPacket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** Two queues of the shared-memory NIC with a port around it, and what is sent from one to the other. */
abstract class WrapTest {
    private static final int INLINE = 128;

    final Nic nic = new Nic();
    /** Packets as they arrived, in hexadecimal. */
    final List<String> arrived = new ArrayList<>();

    DeviceQueue a;
    DeviceQueue b;
    private Link toB;

    void open(UnaryOperator<Port> around) throws Exception {
        open(around.apply(FabricPort.open(FabricSettings.defaults().withMemoryBytes(64 << 20))));
    }

    /** What is sent from now on goes over that port. */
    void open(Port port) {
        nic.add(port);
        a = nic.openQueue(port);
        b = nic.openQueue(port);
        toB = port.link(a, port.routeTo(b));
    }

    @AfterEach
    void close() {
        nic.close();
    }

    /** Sends a packet in its slot or beside it. */
    void send(TestPacket p) {
        byte[] headers = p.headers();
        int length = p.payload.length;
        boolean inline = length <= INLINE;
        long frame = inline ? 0 : a.allocate(length);
        long at = a.claim(toB, headers.length, inline ? length : 0);
        if (at < 0) {
            throw new AssertionError("the ring is full");
        }
        MemorySegment.copy(headers, 0, a.memory(), ValueLayout.JAVA_BYTE, at, headers.length);
        long payload = inline ? at + headers.length : frame;
        MemorySegment.copy(p.payload, 0, a.memory(), ValueLayout.JAVA_BYTE, payload, length);
        a.commit(toB, headers.length, frame, payload, length);
        if (frame != 0) {
            a.free(frame);
        }
        a.flush();
    }

    /** Receives what is there. */
    void receive() {
        while (b.receive(new Receiver(), 64) > 0) {
            a.flush();
        }
    }

    private final class Receiver implements FrameHandler {
        @Override
        public void onFrame(
                Link source, long[] words, int headerLength, MemorySegment payload, long at, int length, long frame) {
            byte[] bytes = new byte[headerLength + length];
            for (int i = 0; i < headerLength; i++) {
                bytes[i] = (byte) (words[i >>> 3] >>> 56 - (i & 7) * 8);
            }
            MemorySegment.copy(payload, ValueLayout.JAVA_BYTE, at, bytes, headerLength, length);
            arrived.add(HexFormat.of().formatHex(bytes));
            if (frame != 0) {
                b.release(frame);
            }
        }

        @Override
        public void onPeerGone(Peer peer) {
            throw new AssertionError(peer.name());
        }
    }

    static String hex(TestPacket p) {
        return p.hex().replace(" ", "");
    }

    long count(String name) {
        return nic.counters().get("fabric").getOrDefault(name, 0L);
    }
}
