package io.ringway.nic.wrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricSettings;
import io.ringway.nic.offload.TestPacket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures, read back by a reader of their own. */
class CaptureTest extends WrapTest {
    private static final long LIMIT = 16 << 20;

    @TempDir
    Path directory;

    private CaptureFile file;

    private Path path() {
        return directory.resolve("capture.pcapng");
    }

    private void openCapture(long limit) throws Exception {
        file = CaptureFile.create(path(), limit, List.of("fabric"));
        open(inner -> new CapturePort(inner, file));
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    @Test
    void everyPacketIsThereBothWaysByteForByte() throws Exception {
        Instant before = Instant.now();
        openCapture(LIMIT);
        List<String> sent = new ArrayList<>();
        for (int length : new int[] {0, 1, 2, 3, 4, 64, 128, 129, 1_000, 1_460, 65_000}) {
            for (boolean v6 : new boolean[] {false, true}) {
                TestPacket p = TestPacket.of(v6).payload(length);
                send(p);
                sent.add(hex(p));
                receive();
            }
        }
        file.close();
        Instant after = Instant.now();
        assertEquals(sent, arrived);
        PcapngReader read = new PcapngReader(path());
        assertEquals(101, read.linkType);
        assertEquals(9, read.timeResolution);
        assertEquals("fabric", read.interfaceName);
        assertEquals(2L * sent.size(), read.received);
        assertEquals(0, read.dropped);
        assertEquals(sent, hex(read, true));
        assertEquals(sent, hex(read, false));
        for (PcapngReader.Packet p : read.packets) {
            assertTrue(p.nanos() >= nanos(before) - 1_000_000 && p.nanos() <= nanos(after) + 1_000_000, p::toString);
        }
    }

    private static List<String> hex(PcapngReader read, boolean outbound) {
        List<String> all = new ArrayList<>();
        for (PcapngReader.Packet p : read.packets) {
            if (p.outbound() == outbound) {
                all.add(HexFormat.of().formatHex(p.bytes()));
            }
        }
        return all;
    }

    @Test
    void eachPortHasAnInterfaceOfItsOwn() throws Exception {
        file = CaptureFile.create(path(), LIMIT, List.of("fabric", "fabric-2"));
        open(inner -> new CapturePort(inner, file));
        FabricPort second = FabricPort.open(FabricSettings.defaults().withMemoryBytes(64 << 20), "fabric-2", null);
        try (CapturePort other = new CapturePort(second, file)) {
            assertEquals("fabric-2", other.name());
            send(TestPacket.v4().payload(10));
            receive();
            open(other);
            send(TestPacket.v4().payload(20));
            send(TestPacket.v4().payload(30));
            receive();
            file.close();
            PcapngReader read = new PcapngReader(path());
            assertEquals(List.of("fabric", "fabric-2"), read.interfaceNames);
            assertEquals(
                    List.of(0, 0, 1, 1, 1, 1),
                    read.packets.stream().map(PcapngReader.Packet::port).toList());
            assertEquals(List.of(2L, 4L), read.receivedEach);
            send(TestPacket.v4().payload(40));
            assertEquals(0, count("captureDropped"));
            assertEquals(1, nic.counters().get("fabric-2").get("captureDropped"));
        }
        try (FabricPort unknown = FabricPort.open(FabricSettings.defaults(), "fabric-3", null)) {
            assertThrows(IllegalArgumentException.class, () -> new CapturePort(unknown, file).openQueue());
        }
    }

    @Test
    void theFileIsBoundedAndTheRestIsCounted() throws Exception {
        openCapture(100_000);
        TestPacket p = TestPacket.v4().payload(1_000);
        int packets = 500;
        for (int i = 0; i < packets; i++) {
            send(p);
            receive();
        }
        file.close();
        assertEquals(packets, arrived.size());
        assertTrue(Files.size(path()) <= 100_000, Files.size(path()) + " bytes");
        PcapngReader read = new PcapngReader(path());
        assertTrue(read.packets.size() > 80, read.packets.size() + " packets");
        assertEquals(2L * packets, read.received);
        assertEquals(2L * packets - read.packets.size(), read.dropped);
        assertEquals(read.dropped, file.dropped("fabric"));
        assertEquals(read.dropped, count("captureDropped"));
    }

    @Test
    void whatTheWriterCannotFollowIsCountedAndWrapsAreRight() throws Exception {
        openCapture(1L << 30);
        TestPacket p = TestPacket.v6().payload(60_001);
        int packets = 400;
        for (int i = 0; i < packets; i++) {
            send(p);
            receive();
        }
        file.close();
        PcapngReader read = new PcapngReader(path());
        assertEquals(2L * packets, read.received);
        assertEquals(2L * packets, read.packets.size() + read.dropped);
        assertTrue(read.packets.size() > PacketRing.SIZE / 61_000, "fewer than one ring holds");
        for (PcapngReader.Packet packet : read.packets) {
            assertEquals(hex(p), HexFormat.of().formatHex(packet.bytes()));
        }
    }

    @Test
    void aFileThatAnotherOneWritesIsLeftAlone() throws Exception {
        Files.writeString(path(), "somebody's");
        try (FileChannel other = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            other.lock();
            assertThrows(
                    Exception.class,
                    () -> CaptureFile.create(path(), LIMIT, List.of("fabric")).close());
        }
        assertEquals("somebody's", Files.readString(path()));
        assertThrows(
                IOException.class, () -> CaptureFile.create(directory.resolve("no/such"), LIMIT, List.of("fabric")));
    }

    @Test
    void nothingIsRecordedAfterTheEnd() throws Exception {
        openCapture(LIMIT);
        file.close();
        send(TestPacket.v4().payload(10));
        receive();
        assertEquals(1, arrived.size());
        assertEquals(2, file.dropped("fabric"));
        assertEquals(0, new PcapngReader(path()).packets.size());
    }
}
