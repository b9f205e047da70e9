package io.ringway.compat.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ProviderUnderTest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the fast path can't be had, programs work over the kernel, and one line says why. */
class RefusalTest {
    private static final int NOBODY = 65_534;
    private static final int CONNECTIONS = 40;

    @TempDir
    Path temporary;

    @BeforeEach
    void onlyWhereThereIsAFastPath() {
        assumeTrue(ProviderUnderTest.current() == ProviderUnderTest.FABRIC, "there is no fast path here to be refused");
    }

    /** At a port, which is returned. */
    private static int assertServes(ChildJvm child) throws Exception {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
        try (SocketChannel channel = SocketChannel.open(address)) {
            Io.write(channel, "served");
            assertEquals("served", Io.read(channel, 6));
        }
        return address.getPort();
    }

    private static ChildJvm startServer(String... flags) throws Exception {
        return ChildJvm.startWith(List.of(flags), EchoServer.class, Loopback.IPV4);
    }

    private static String directory(Path path) {
        return "-Dringway.fabric.directory=" + path;
    }

    @Test
    void aDirectoryThatOthersCanWriteIsRefused() throws Exception {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ChildJvm child = startServer(directory(open))) {
            assertServes(child);
            child.expectError(open + " is open to other users (mode 0777); it must have mode 0700");
        }
    }

    /** The others are used, and the line at the start says so. */
    @Test
    void oneOfSeveralDirectoriesIsRefused() throws Exception {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path good = temporary.resolve("good");
        try (ChildJvm child = startServer(directory(open) + "," + good)) {
            int port = assertServes(child);
            child.expectError("port fabric-2 (not used: " + open + " is open to other users (mode 0777); it must have");
            try (ChildJvm client = ChildJvm.startWith(
                    List.of(directory(good), "-Dringway.strict=true"),
                    EchoClient.class,
                    "127.0.0.1",
                    port,
                    1_000_000)) {
                assertEquals(0, client.awaitExit());
            }
        }
    }

    @Test
    void aDirectoryTwiceIsNamed() throws Exception {
        Path good = temporary.resolve("good");
        try (ChildJvm child = startServer(directory(good) + "," + good)) {
            assertServes(child);
            child.expectError(good + " is there twice");
        }
    }

    @Test
    void aDirectoryOfSomebodyElseIsRefused() throws Exception {
        Path foreign = Files.createDirectory(
                temporary.resolve("foreign"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assumeTrue((int) Files.getAttribute(foreign, "unix:uid") == 0, "only root can give a directory away");
        Files.setAttribute(foreign, "unix:uid", NOBODY);
        try (ChildJvm child = startServer(directory(foreign))) {
            assertServes(child);
            child.expectError(foreign + " belongs to user " + NOBODY);
        }
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        try (ChildJvm child = startServer(directory(file))) {
            assertServes(child);
            child.expectError(file + " is not a directory");
        }
    }

    @Test
    void aWrongValueIsNamedWithWhatIsAllowed() throws Exception {
        try (ChildJvm child = startServer("-Dringway.memory=lots")) {
            assertServes(child);
            child.expectError("ringway.memory");
            child.expectError("lots");
            child.expectError("at least 16m");
        }
    }

    @Test
    void anUnknownKeyIsNamed() throws Exception {
        try (ChildJvm child = startServer("-Dringway.spinn=5")) {
            assertServes(child);
            child.expectError("ringway.spinn");
        }
    }

    @Test
    void withLittleMemoryEverythingThatWasAcceptedArrives() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = ChildJvm.startWith(
                            List.of("-Dringway.memory=16m"), Hoarder.class, "127.0.0.1", port, CONNECTIONS);
                    Background<List<SocketChannel>> acceptor = Background.start(() -> acceptAll(listener))) {
                List<SocketChannel> channels = acceptor.result();
                long written = child.readNumber("written");
                long received = 0;
                ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
                for (SocketChannel channel : channels) {
                    for (int n = channel.read(in.clear()); n >= 0; n = channel.read(in.clear())) {
                        received += n;
                    }
                    channel.close();
                }
                assertEquals(written, received);
            }
        }
    }

    private static List<SocketChannel> acceptAll(ServerSocketChannel listener) throws Exception {
        List<SocketChannel> channels = new ArrayList<>();
        while (channels.size() < CONNECTIONS) {
            channels.add(listener.accept());
        }
        return channels;
    }
}
