package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ringway.nic.Link;
import io.ringway.nic.Resolution;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory of ports and peers that are gone is unmapped, and not before the last link to it is dropped. */
@Timeout(60)
class MappingsTest {
    @TempDir
    Path directory;

    private FabricSettings settings() {
        return FabricSettings.defaults()
                .withDirectory(directory.resolve("fabric"))
                .withMemoryBytes(16 << 20)
                .withAnswerMillis(5000);
    }

    @Test
    void nothingStaysMapped() throws Exception {
        MappedMemory.collect();
        long before = MappedMemory.count();
        for (int i = 0; i < 20; i++) {
            meetAndPart(i);
        }
        while (MappedMemory.count() > before) {
            MappedMemory.collect();
        }
        assertEquals(before, MappedMemory.count());
    }

    private void meetAndPart(int number) throws Exception {
        try (FabricPort server = FabricPort.open(settings());
                FabricPort client = FabricPort.open(settings())) {
            FabricQueue there = server.openQueue();
            FabricQueue here = client.openQueue();
            server.publish(Guest.loopback(7000), false, there);
            Resolution found = client.resolve(Guest.loopback(7000), null);
            Link link = client.link(
                    here, assertInstanceOf(Resolution.Found.class, found).route());
            Frames.sendInline(here, link, number, 10);
            Recorder recorder = new Recorder(there);
            while (recorder.count() == 0) {
                there.receive(recorder, 1);
            }
            server.close();
            Recorder gone = new Recorder(here);
            while (gone.gone().isEmpty()) {
                here.receive(gone, 1);
            }
            MappedMemory.collect();
            // Still readable: the header's first word.
            assertEquals(Layout.MAGIC, link.peerWord(0));
        }
    }
}
