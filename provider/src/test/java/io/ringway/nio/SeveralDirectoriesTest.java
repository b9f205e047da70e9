package io.ringway.nio;

import static io.ringway.nio.SeveralPorts.connect;
import static io.ringway.nio.SeveralPorts.datapath;
import static io.ringway.nio.SeveralPorts.echo;
import static io.ringway.nio.SeveralPorts.guest;
import static io.ringway.nio.SeveralPorts.listen;
import static io.ringway.nio.SeveralPorts.port;
import static io.ringway.nio.SeveralPorts.records;
import static io.ringway.nio.SeveralPorts.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.PathReason;
import io.ringway.Settings;
import io.ringway.linux.LinuxException;
import io.ringway.linux.Platform;
import io.ringway.linux.SharedMemory;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricSettings;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Some of the directories of a process can't be used, or some of its ports can't do something. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SeveralDirectoriesTest extends TwoDirectories {
    private static final int WAIT = 20_000;

    private static List<String> left(ServerSocketChannel server) {
        return datapath(server).leftDirectories();
    }

    private static String same(Path one, Path other) {
        return one + " and " + other + " are the same directory";
    }

    private static Path makePrivate(Path path) throws IOException {
        return Files.createDirectory(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void aDirectoryThatCannotBeUsedIsLeftOut() throws Exception {
        Files.createDirectory(a);
        Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ServerSocketChannel server = listen(guest(a, b));
                SocketChannel client = connect(guest(b), server);
                SocketChannel accepted = server.accept()) {
            assertEquals("fabric-2", port(accepted));
            echo(client, accepted);
            String why = a + " is open to other users (mode 0777); it must have mode 0700";
            assertEquals("", datapath(server).lastTrouble());
            assertEquals(List.of(why), left(server));
            String listing = StatusText.of(datapath(server));
            assertTrue(listing.endsWith("\nunused  " + why), listing);
            assertNull(datapath(server).obstacle());
        }
        Files.createDirectory(b.resolveSibling("c"));
        Files.setPosixFilePermissions(b.resolveSibling("c"), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ServerSocketChannel server = listen(guest(a, b.resolveSibling("c")))) {
            assertEquals(PathReason.DEVICE_ERROR, ((RingwayServerSocketChannel) server).reason());
            assertTrue(datapath(server).lastTrouble().contains(a.toString()));
            assertTrue(datapath(server).lastTrouble().contains("c is open to other users"));
        }
    }

    @Test
    void theSameDirectoryByAnotherNameIsLeftOut() throws Exception {
        Files.createDirectory(a, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path parent = Files.createSymbolicLink(temporary.resolve("link"), temporary);
        try (ServerSocketChannel server = listen(guest(a, parent.resolve("a")))) {
            assertEquals(1, datapath(server).commonLanes().length);
            assertEquals(List.of(same(parent.resolve("a"), a)), left(server));
        }
    }

    /** What one port can't do is told, and the others go on. */
    @Test
    void aListenerThatOnePortCannotPublishIsOnTheOthers() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel before = hub.openServerSocketChannel()) {
            assertNull(datapath(before).obstacle());
            Files.createDirectory(a);
            Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (ServerSocketChannel server = listen(hub);
                    SocketChannel client = connect(guest(b), server);
                    SocketChannel accepted = server.accept()) {
                assertEquals("fabric-2", port(accepted));
                echo(client, accepted);
                String told = datapath(server).statistics().lastTrouble();
                assertTrue(told.startsWith("a listener can't be found on port fabric: "), told);
                assertTrue(told.contains("mode 0755"), told);
            }
            assertEquals(0, records(b, "l-"));
        }
    }

    /** Nobody has made it yet. */
    @Test
    void theSameDirectoryByAnotherNameIsLeftOutBeforeItIsMade() throws Exception {
        Path parent = Files.createSymbolicLink(temporary.resolve("link"), temporary);
        try (ServerSocketChannel server = listen(guest(a, parent.resolve("a")))) {
            assertEquals(List.of(same(parent.resolve("a"), a)), left(server));
        }
        try (ServerSocketChannel server = listen(guest(parent.resolve("b"), b, a))) {
            assertEquals(List.of(same(b, parent.resolve("b"))), left(server));
            assertEquals(2, datapath(server).commonLanes().length);
        }
    }

    /** What a refused link leads to is not refused for that. */
    @Test
    void theSameDirectoryAsOneThatIsLeftOutIsUsed() throws Exception {
        makePrivate(a);
        Path link = Files.createSymbolicLink(temporary.resolve("link"), a);
        try (ServerSocketChannel server = listen(guest(link, a));
                SocketChannel client = connect(guest(a), server);
                SocketChannel accepted = server.accept()) {
            assertEquals("fabric-2", port(accepted));
            echo(client, accepted);
            assertEquals(List.of(link + " is not a directory"), left(server));
        }
    }

    private static Settings settings(String memory, List<Path> directories) {
        Properties given = new Properties();
        given.setProperty("ringway.memory", memory);
        given.setProperty(
                "ringway.fabric.directory",
                directories.stream().map(Path::toString).collect(Collectors.joining(",")));
        return Settings.of(given);
    }

    @Test
    void directoriesForWhichThereIsTooLittleMemoryAreLeftOut() throws Exception {
        long memory = Platform.memoryLimit() / 100;
        int most = (int) (memory / FabricSettings.LEAST_MEMORY);
        List<Path> directories = IntStream.range(0, most + 2)
                .mapToObj(i -> temporary.resolve("d" + i))
                .toList();
        try (FabricPorts ports = FabricPorts.open(settings("1%", directories))) {
            assertEquals(most, ports.opened().size());
            assertEquals(2, ports.left().size());
            String why = "ringway.memory=1%: " + memory + " bytes are too little for " + (most + 2)
                    + " directories, of which each needs 8388608: ";
            assertEquals(
                    why + directories.get(most) + " is not used", ports.left().getFirst());
        }
    }

    /** The system has address space for one port only. */
    @Test
    void aPortThatGetsNoMemoryLeavesTheOthers() throws Exception {
        long share = 64L << 30;
        List<SharedMemory> filling = new ArrayList<>();
        try {
            fill(filling, 16 * share);
            fill(filling, share);
            assertThrows(LinuxException.class, () -> FabricPorts.open(settings("128g", List.of(a, b))));
            filling.removeLast().close();
            try (FabricPorts ports = FabricPorts.open(settings("128g", List.of(a, b)))) {
                assertEquals(
                        List.of("fabric"),
                        ports.opened().stream().map(FabricPort::name).toList());
                assertEquals(List.of("no port in " + b + ": mmap: ENOMEM (12)"), ports.left());
                assertTrue(ports.opened().getFirst().claimLocalPort(IpEndpoint.v4(0x7f000001, 80)) != 0);
                assertTrue(Files.exists(a) && !Files.exists(b), "nobody attends it");
            }
        } finally {
            filling.forEach(SharedMemory::close);
        }
    }

    private static void fill(List<SharedMemory> filling, long size) {
        try {
            while (true) {
                filling.add(SharedMemory.create("filling", size));
            }
        } catch (LinuxException e) {
            assertEquals("mmap: ENOMEM (12)", e.getMessage());
        }
    }

    @Test
    void theLastTroubleIsThatOfAllPorts() throws Exception {
        try (ServerSocketChannel server = listen(guest(a, b))) {
            assertEquals("", datapath(server).lastTrouble());
        }
        try (ServerSocketChannel server =
                guest(temporary.resolve("c"), temporary.resolve("d")).openServerSocketChannel()) {
            assertNull(datapath(server).obstacle());
            for (String name : List.of("c", "d")) {
                Files.createDirectory(temporary.resolve(name));
                Files.setPosixFilePermissions(temporary.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            IpEndpoint somewhere = IpEndpoint.v4(0x7f000001, 80);
            List<FabricPort> fabrics = datapath(server).fabrics();
            assertEquals(0, fabrics.getLast().claimLocalPort(somewhere));
            String second = datapath(server).lastTrouble();
            assertTrue(second.startsWith("fabric-2: " + temporary.resolve("d") + " is open to other users"), second);
            assertEquals(0, fabrics.getFirst().claimLocalPort(somewhere));
            String both = datapath(server).lastTrouble();
            assertTrue(both.startsWith("fabric: " + temporary.resolve("c") + " is open to other users"), both);
            assertTrue(both.endsWith("; " + second), both);
        }
    }

    /** A client comes over the first port while the second one is still being told of the listener. */
    @Test
    void aConnectionThatComesBeforeAllPortsHaveTheListenerIsNotOverlooked() throws Exception {
        ChannelFactory hub = guest(a, b);
        try (ServerSocketChannel server = hub.openServerSocketChannel();
                Selector selector = hub.openSelector()) {
            assertNull(datapath(server).obstacle());
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            Object busy = presence(datapath(server).fabrics().getLast());
            FutureTask<ServerSocketChannel> bind =
                    new FutureTask<>(() -> server.bind(new InetSocketAddress("127.0.0.1", 0)));
            synchronized (busy) {
                Thread.ofPlatform().daemon().start(bind);
                SeveralPorts.await("the first port has the listener", () -> hasRecord(a));
                TcpConnection client = start(guest(a), IpEndpoint.of((InetSocketAddress) server.getLocalAddress()));
                SeveralPorts.await("it stands", () -> (client.readiness() & SelectionKey.OP_CONNECT) != 0);
                for (int i = 0; i < 3; i++) {
                    assertEquals(0, selector.select(50));
                }
            }
            bind.get(WAIT, TimeUnit.MILLISECONDS);
            assertEquals(1, selector.select(WAIT));
            SocketChannel accepted = server.accept();
            assertEquals("fabric", port(accepted));
            accepted.close();
        }
    }

    private static boolean hasRecord(Path directory) {
        try {
            return records(directory, "l-") == 1;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What publishes listeners of a port, under its own monitor the first time. */
    private static Object presence(FabricPort port) throws ReflectiveOperationException {
        var field = FabricPort.class.getDeclaredField("presence");
        field.setAccessible(true);
        return field.get(port);
    }

    /** At any number of descriptors that are left. */
    @Test
    void anOpeningThatFailsLeavesNoDescriptorOpen() throws Exception {
        try (GuestJvm child = GuestJvm.start(a, List.of(), FewDescriptors.class, a, b)) {
            int failures = Integer.parseInt(child.hear());
            assertTrue(failures > 4, failures + " failures");
            assertEquals("none left", child.hear());
        }
    }
}
