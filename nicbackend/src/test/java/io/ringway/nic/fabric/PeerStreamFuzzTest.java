package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringway.linux.EventFd;
import io.ringway.linux.LinuxException;
import io.ringway.linux.LocalSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A process of the same user that says anything at all on a connection, and passes any descriptor. */
class PeerStreamFuzzTest {
    private static final FabricSettings SETTINGS = FabricSettings.defaults().withMemoryBytes(64 << 20);

    private static Path directory;
    private static FabricPort port;
    private static FabricPort other;
    private static long otherPair;
    private static EventFd bell;
    private static LocalSocket listener;
    private static int introduced;

    @BeforeAll
    static void open() throws IOException {
        directory = Files.createTempDirectory("ringway-fuzz");
        port = FabricPort.open(SETTINGS.withDirectory(directory.resolve("fabric")));
        port.openQueue();
        port.presence().rendezvous();
        other = FabricPort.open(SETTINGS.withDirectory(directory.resolve("fabric")));
        otherPair = other.fabricMemory().takeBlock(Layout.PAIR_BYTES);
        bell = EventFd.create();
        listener = LocalSocket.listen(directory.resolve("socket"), 8);
    }

    @AfterAll
    static void close() throws IOException {
        listener.close();
        bell.close();
        other.close();
        port.close();
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @FuzzTest(maxDuration = "60s")
    void whateverAPeerSaysIsSurvived(byte[] input) throws IOException {
        Script script = new Script(input);
        Rendezvous rendezvous = port.presence().rendezvous();
        int before = descriptors();
        LocalSocket far = LocalSocket.connect(directory.resolve("socket"), 1000);
        PeerStream stream = new PeerStream(listener.accept(), 0);
        boolean open = true;
        while (open && script.hasNext()) {
            int flags = script.u8();
            try {
                far.send(message(flags, script), passed(flags >>> 4));
            } catch (LinuxException e) {
                break;
            }
            open = stream.read(rendezvous);
        }
        if (stream.peer != null && ++introduced % 500 == 0) {
            // Memory of peers that are gone is unmapped when the collector has seen that nobody uses it.
            System.gc();
        }
        far.close();
        stream.read(rendezvous);
        stream.close();
        rendezvous.onEnd(stream);
        assertNothingIsLeft(before);
    }

    /** What to send: a greeting that is right in most ways, any other message, or no message at all. */
    private static ByteBuffer message(int flags, Script script) {
        return switch (flags & 3) {
            case 0 -> {
                byte[] raw = script.take(1 + script.u8());
                yield ByteBuffer.wrap(raw.length == 0 ? new byte[1] : raw);
            }
            case 1 -> {
                Hello hello = new Hello(
                        (flags & 4) == 0 ? Layout.WIRE_VERSION : script.u8(),
                        (flags & 4) == 0 ? Layout.WIRE_VERSION : script.u8(),
                        (flags & 8) == 0 ? other.nonce() : script.i64(),
                        script.u8(),
                        (flags & 8) == 0 ? otherPair : script.i64(),
                        new String(script.take(script.u8()), StandardCharsets.ISO_8859_1));
                ByteBuffer message = PeerStream.message(PeerStream.HELLO, 1024);
                hello.write(message);
                yield finished(message);
            }
            default -> {
                int type = (flags & 4) == 0 ? script.u8() & 7 : (int) script.i64();
                byte[] content = script.take(script.u8());
                yield finished(PeerStream.message(type, content.length).put(content));
            }
        };
    }

    private static ByteBuffer finished(ByteBuffer message) {
        message.flip();
        return message.putInt(0, message.limit() - 4);
    }

    private static int[] passed(int what) {
        int memory = other.sharedMemory().readOnlyDescriptor();
        return switch (what & 7) {
            case 1 -> new int[] {memory};
            case 2 -> new int[] {bell.descriptor()};
            case 3 -> new int[] {memory, bell.descriptor(), bell.descriptor()};
            case 4 -> new int[] {bell.descriptor(), memory};
            default -> new int[0];
        };
    }

    /** Answers to requests for a status are sent by threads of their own, which may be a moment behind. */
    private static void assertNothingIsLeft(int before) {
        for (int i = 0; i < 10_000 && descriptors() > before; i++) {
            Thread.yield();
        }
        int after = descriptors();
        assertTrue(after <= before, () -> "open descriptors: " + after + ", before: " + before);
    }

    private static int descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return List.of(open).size();
    }
}
