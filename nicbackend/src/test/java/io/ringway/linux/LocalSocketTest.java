package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSocketTest {
    @TempDir
    Path directory;

    private LocalSocket listener;
    private LocalSocket client;
    private LocalSocket server;

    @BeforeEach
    void connect() throws LinuxException {
        Path path = directory.resolve("socket");
        listener = LocalSocket.listen(path, 4);
        assertNull(listener.accept());
        client = LocalSocket.connect(path, 1_000);
        server = accept();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        listener.close();
    }

    @Test
    void credentialsAreThoseOfTheOtherEnd() throws LinuxException {
        Credentials credentials = server.peerCredentials();
        assertEquals(Platform.processId(), credentials.pid());
        assertEquals(Platform.userId(), credentials.uid());
        assertEquals(credentials, client.peerCredentials());
    }

    @Test
    void bytesArriveInOrderUpToTheEnd() throws LinuxException {
        assertEquals(0, receive(server, 10).length);
        client.send(text("hello "));
        client.send(text("world"));
        assertArrayEquals("hello".getBytes(StandardCharsets.US_ASCII), receive(server, 5));
        client.close();
        assertArrayEquals(" world".getBytes(StandardCharsets.US_ASCII), receive(server, 100));
        assertEquals(-1, server.receive(ByteBuffer.allocate(1), this::unexpected));
    }

    @Test
    void directAndHeapBuffersAreUsedBetweenPositionAndLimit() throws LinuxException {
        for (ByteBuffer message : List.of(ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8))) {
            message.put(2, (byte) 5).put(3, (byte) 6).position(2).limit(4);
            client.send(message.asReadOnlyBuffer());
            client.send(message);
            assertFalse(message.hasRemaining());
            ByteBuffer into = ByteBuffer.allocateDirect(16).position(1);
            assertEquals(4, server.receive(into, this::unexpected));
            assertEquals(5, into.position());
            assertEquals(5, into.get(1));
            assertEquals(6, into.get(4));
        }
    }

    @Test
    void descriptorsArriveInOrderAndCloseOnExec() throws LinuxException {
        try (EventFd first = EventFd.create();
                EventFd second = EventFd.create()) {
            client.send(text("x"), first.descriptor(), second.descriptor());
            List<Integer> received = new ArrayList<>();
            assertEquals(1, server.receive(ByteBuffer.allocate(10), received::add));
            assertEquals(2, received.size());
            int getDescriptorFlags = 1;
            assertEquals(1, Kernel.call(SystemCall.FCNTL, received.get(0), getDescriptorFlags));
            try (EventFd copy = EventFd.of(received.get(1))) {
                copy.signal();
            }
            assertTrue(second.clear());
            assertFalse(first.clear());
            Descriptors.close(received.get(0));
        }
    }

    @Test
    void asManyDescriptorsAsTheKernelCarries() throws IOException {
        try (EventFd event = EventFd.create()) {
            int[] descriptors = new int[253];
            Arrays.fill(descriptors, event.descriptor());
            long before = TestSystem.descriptorsOf("eventfd");
            client.send(text("x"), descriptors);
            List<Integer> received = new ArrayList<>();
            server.receive(ByteBuffer.allocate(10), received::add);
            assertEquals(253, received.size());
            received.forEach(Descriptors::close);
            assertEquals(before, TestSystem.descriptorsOf("eventfd"));
            assertThrows(IllegalArgumentException.class, () -> client.send(text("x"), new int[254]));
        }
    }

    @Test
    void descriptorsThatTheSinkDoesNotTakeAreClosed() throws IOException {
        try (EventFd event = EventFd.create()) {
            long before = TestSystem.descriptorsOf("eventfd");
            int number = event.descriptor();
            client.send(text("x"), number, number, number);
            assertThrows(
                    IllegalStateException.class,
                    () -> server.receive(ByteBuffer.allocate(10), descriptor -> {
                        Descriptors.close(descriptor);
                        throw new IllegalStateException();
                    }));
            assertEquals(before, TestSystem.descriptorsOf("eventfd"));
        }
    }

    @Test
    void descriptorsOverTheLimitOfOpenFilesAreReportedAndNoneStays() throws IOException {
        int files = 7;
        int prlimit = TestSystem.X86 ? 302 : 261;
        try (EventFd event = EventFd.create();
                Struct old = new Struct(16);
                Struct low = new Struct(16)) {
            long before = TestSystem.descriptorsOf("eventfd");
            int number = event.descriptor();
            client.send(text("x"), number, number, number, number);
            Kernel.check("prlimit", Kernel.call(prlimit, 0, files, 0, old.address));
            int next = TestSystem.duplicate(number);
            Descriptors.close(next);
            low.bytes.putLong(0, next + 2L).putLong(8, old.bytes.getLong(8));
            List<Integer> received = new ArrayList<>();
            ByteBuffer into = ByteBuffer.allocate(10);
            Kernel.check("prlimit", Kernel.call(prlimit, 0, files, low.address, 0));
            try {
                assertEquals(1, server.receive(into, received::add));
            } finally {
                Kernel.check("prlimit", Kernel.call(prlimit, 0, files, old.address, 0));
            }
            assertEquals('x', into.get(0));
            assertEquals(List.of(DescriptorSink.LOST), received);
            assertEquals(before, TestSystem.descriptorsOf("eventfd"));
        }
    }

    @Test
    void longMessagesWaitForTheReceiver() throws Exception {
        byte[] sent = new byte[4 << 20];
        new Random(1).nextBytes(sent);
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                client.send(ByteBuffer.wrap(sent));
                client.close();
            } catch (LinuxException e) {
                throw new AssertionError(e);
            }
        });
        ByteBuffer received = ByteBuffer.allocate(sent.length + 1);
        while (server.receive(received, this::unexpected) >= 0) {
            Thread.onSpinWait();
        }
        sender.join();
        assertEquals(ByteBuffer.wrap(sent), received.flip());
    }

    @Test
    void receiverThatTakesNothingEndsTheSending() {
        LinuxException stuck = assertThrows(LinuxException.class, () -> client.send(ByteBuffer.allocate(16 << 20)));
        assertEquals("sendmsg: ETIMEDOUT (110)", stuck.getMessage());
    }

    @Test
    void sendingToNobodyIsAnErrorAndNoSignal() throws LinuxException {
        server.close();
        assertEquals(
                "sendmsg: EPIPE (32)",
                assertThrows(LinuxException.class, () -> client.send(text("x"))).getMessage());
        server = client;
    }

    @Test
    void closedSocketRefusesEverything() {
        client.close();
        client.close();
        assertEquals(
                9,
                assertThrows(LinuxException.class, () -> client.send(text("x"))).errno());
        assertEquals(
                9,
                assertThrows(LinuxException.class, () -> client.receive(ByteBuffer.allocate(1), this::unexpected))
                        .errno());
        assertEquals(
                9, assertThrows(LinuxException.class, client::peerCredentials).errno());
        listener.close();
        assertEquals(9, assertThrows(LinuxException.class, listener::accept).errno());
    }

    @Test
    void connectingFailsWithTheKernelsReason() throws LinuxException {
        Path missing = directory.resolve("missing");
        assertEquals(
                "connect " + missing + ": ENOENT (2)",
                assertThrows(LinuxException.class, () -> LocalSocket.connect(missing, 0))
                        .getMessage());
        Path stale = directory.resolve("stale");
        LocalSocket.listen(stale, 1).close();
        assertTrue(Files.exists(stale));
        assertEquals(
                "connect " + stale + ": ECONNREFUSED (111)",
                assertThrows(LinuxException.class, () -> LocalSocket.connect(stale, 0))
                        .getMessage());
        assertEquals(
                "bind " + stale + ": EADDRINUSE (98)",
                assertThrows(LinuxException.class, () -> LocalSocket.listen(stale, 1))
                        .getMessage());
    }

    @Test
    void fullBacklogEndsTheWait() throws LinuxException {
        Path path = directory.resolve("full");
        List<LocalSocket> waiting = new ArrayList<>();
        try (LocalSocket full = LocalSocket.listen(path, 1)) {
            LinuxException late = assertThrows(LinuxException.class, () -> {
                while (true) {
                    waiting.add(LocalSocket.connect(path, 20));
                }
            });
            assertEquals("connect " + path + ": ETIMEDOUT (110)", late.getMessage());
            assertNotNull(full.accept());
            waiting.add(LocalSocket.connect(path, 20));
        } finally {
            waiting.forEach(LocalSocket::close);
        }
    }

    @Test
    void longPathsAreReachedThroughTheirDirectory() throws IOException {
        Path deep = directory.resolve("d".repeat(120)).resolve("é".repeat(20));
        Files.createDirectories(deep);
        long before = TestSystem.descriptorsOf(deep.toString());
        Path path = deep.resolve("socket");
        try (LocalSocket far = LocalSocket.listen(path, 1);
                LocalSocket near = LocalSocket.connect(path, 100)) {
            assertNotNull(far.accept());
            assertTrue(Files.exists(path));
            assertEquals(Platform.processId(), near.peerCredentials().pid());
        }
        assertEquals(before, TestSystem.descriptorsOf(deep.toString()));
        LinuxException tooLong =
                assertThrows(LinuxException.class, () -> LocalSocket.listen(deep.resolve("n".repeat(100)), 1));
        assertEquals("socket path: ENAMETOOLONG (36)", tooLong.getMessage());
        assertEquals(before, TestSystem.descriptorsOf(deep.toString()));
    }

    @Test
    void twoProcessesShareMemoryAndDoorbells() throws Exception {
        Path path = directory.resolve("pair");
        try (LocalSocket pair = LocalSocket.listen(path, 1)) {
            Process process =
                    TestSystem.java(List.of("--enable-native-access=ALL-UNNAMED"), OtherProcess.class, path.toString());
            poll(pair.descriptor());
            LocalSocket other = pair.accept();
            assertEquals(process.pid(), other.peerCredentials().pid());
            poll(other.descriptor());
            List<Integer> received = new ArrayList<>();
            assertEquals(5, other.receive(ByteBuffer.allocate(100), received::add));
            assertEquals(2, received.size());
            try (SharedMemory memory = SharedMemory.attach(received.get(0), 1 << 20);
                    EventFd doorbell = EventFd.of(received.get(1))) {
                assertEquals(process.pid(), memory.segment().get(ValueLayout.JAVA_LONG, 4096));
                doorbell.signal();
                poll(other.descriptor());
                assertEquals(-1, other.receive(ByteBuffer.allocate(1), this::unexpected), "its end is seen");
                assertEquals("woken[exit 0]", TestSystem.outputOf(process));
                assertEquals(process.pid(), memory.segment().get(ValueLayout.JAVA_LONG, 4096), "outlives it");
            }
        }
    }

    static final class OtherProcess {
        public static void main(String[] arguments) throws LinuxException {
            SharedMemory memory = SharedMemory.create("ringway-other", 1 << 20);
            memory.segment().set(ValueLayout.JAVA_LONG, 4096, Platform.processId());
            EventFd doorbell = EventFd.create();
            LocalSocket socket = LocalSocket.connect(Path.of(arguments[0]), 1_000);
            socket.send(text("ready"), memory.readOnlyDescriptor(), doorbell.descriptor());
            poll(doorbell.descriptor());
            System.out.print("woken");
        }
    }

    private static void poll(int descriptor) throws LinuxException {
        assertEquals(1, new Poller().poll(new int[] {descriptor}, 1, 60_000, new boolean[1]));
    }

    private LocalSocket accept() throws LinuxException {
        LocalSocket accepted = listener.accept();
        assertNotNull(accepted);
        return accepted;
    }

    private byte[] receive(LocalSocket socket, int most) throws LinuxException {
        ByteBuffer into = ByteBuffer.allocate(most);
        int received = socket.receive(into, this::unexpected);
        assertEquals(received, into.position());
        return Arrays.copyOf(into.array(), received);
    }

    private void unexpected(int descriptor) {
        throw new AssertionError("a descriptor: " + descriptor);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
