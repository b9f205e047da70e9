package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.IpEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is swept from a directory in which processes have died, and what stays. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RemainsTest {
    private static final IpEndpoint LISTENER = Guest.loopback(6000);
    private static final long DEAD = 0x0123_4567_89ab_cdefL;

    @TempDir
    Path temporary;

    private Path directory;
    private FabricPort port;
    private FabricDirectory here;

    @BeforeEach
    void open() throws IOException {
        directory = temporary.resolve("fabric");
        port = FabricPort.open(FabricSettings.defaults()
                .withDirectory(directory)
                .withMemoryBytes(16 << 20)
                .withAnswerMillis(5000));
        here = port.presence().attended();
        port.publish(LISTENER, false, port.openQueue());
        assertTrue(port.claimLocalPort(Guest.SOMEWHERE) != 0);
    }

    @AfterEach
    void close() {
        port.close();
    }

    private Set<String> names() throws IOException {
        return new TreeSet<>(here.names(Integer.MAX_VALUE));
    }

    @Test
    void whatAKilledProcessLeftGoes_andWhatTheLivingHaveStays() throws Exception {
        Set<String> own = names();
        assertEquals(3, own.size(), own.toString());
        try (GuestProcess killed = new GuestProcess(directory, "killed");
                GuestProcess other = new GuestProcess(directory, "other")) {
            assertEquals("published", killed.ask("publish 5001"));
            Set<String> before = names();
            before.removeAll(own);
            assertEquals("published", other.ask("publish 5002"));
            Set<String> living = names();
            living.removeAll(before);
            killed.kill();
            killed.close();
            assertTrue(names().containsAll(before), "nobody has come upon it");
            port.sweepDirectory();
            assertEquals(living, names());
        }
    }

    @Test
    void recordsOfTheDeadGo_whateverTheyAre() throws Exception {
        Set<String> own = names();
        assertTrue(here.create("l-0-ffff7f000001-7000", new ListenerRecord(DEAD, 1, false, 1).text()));
        assertTrue(here.create("p-1", FabricDirectory.hex(DEAD)));
        assertTrue(here.create("d" + FabricDirectory.hex(1) + "23", FabricDirectory.hex(DEAD)));
        assertEquals(own.size() + 3, names().size());
        port.sweepDirectory();
        assertEquals(own, names());
    }

    @Test
    void whatIsInTheHandsOfTheLivingStays_andSoDoesWhatNobodyKnows() throws Exception {
        here.create("d" + FabricDirectory.hex(1) + "23", FabricDirectory.hex(port.nonce()));
        here.create("p-1", "nonsense");
        here.create("l-1", "0123");
        here.create("notes", FabricDirectory.hex(DEAD));
        Files.createDirectory(here.path().resolve("g-" + FabricDirectory.hex(DEAD)));
        Files.createFile(here.path().resolve("g-"));
        Set<String> before = names();
        port.sweepDirectory();
        assertEquals(before, names());
    }

    @Test
    void aLookIsBounded_andTheNextOneBeginsElsewhere() throws Exception {
        for (int i = 0; i < 2 * Remains.MOST_NAMES; i++) {
            here.create("p-" + i, FabricDirectory.hex(DEAD));
        }
        int before = names().size();
        Remains.sweep(here, Set.of(port.nonce()), 0);
        int after = names().size();
        assertNotEquals(before, after);
        assertTrue(after >= before - Remains.MOST_NAMES, before + " and " + after);
        for (int i = 0; i < 16; i++) {
            Remains.sweep(here, Set.of(port.nonce()), i * 100L);
        }
        assertEquals(3, names().size());
    }
}
