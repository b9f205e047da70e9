package io.ringway.compat.surroundings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.ProviderUnderTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that has as many open files as it may have. */
class DescriptorLimitTest {
    private static final String SOCKET_REFUSED = "java.net.SocketException: Too many open files";
    private static final String OTHER_REFUSED = "java.io.IOException: Too many open files";

    private static ChildJvm start(Class<?> program, Object... arguments) throws IOException {
        // The class path alone, which the child looks through, may take a hundred.
        return ChildJvm.startAfter("ulimit -n 400", List.of(), program, arguments);
    }

    @Test
    void whatNeedsADescriptorFailsAndWhatIsOpenWorks() throws Exception {
        try (ChildJvm child = start(Exhausted.class)) {
            expectAllToWork(child);
            child.expect(SOCKET_REFUSED);
            child.expect("server " + SOCKET_REFUSED);
            // An accelerated connection needs none.
            boolean accelerates = ProviderUnderTest.current().accelerates();
            child.expect("connection " + (accelerates ? "true" : SOCKET_REFUSED));
            child.expect("selector " + OTHER_REFUSED);
            // Nor does a pipe in memory.
            child.expect("pipe " + (ProviderUnderTest.current() == ProviderUnderTest.JDK ? OTHER_REFUSED : "true"));
            child.expect("exchanged");
            expectAllToWork(child);
            assertEquals(0, child.awaitExit());
        }
    }

    private static void expectAllToWork(ChildJvm child) throws Exception {
        for (String what : List.of("server", "connection", "selector", "pipe")) {
            child.expect(what + " true");
        }
        child.expect("exchanged");
    }

    private static InetSocketAddress addressOf(ChildJvm server) throws InterruptedException {
        return new InetSocketAddress("127.0.0.1", (int) server.readNumber("port"));
    }

    private static void echo(InetSocketAddress address) throws Exception {
        try (SocketChannel channel = SocketChannel.open(address)) {
            Io.write(channel, "e");
            assertEquals("e", Io.read(channel, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void acceptFailsAndLaterTakesTheSameConnection(boolean blocking) throws Exception {
        try (ChildJvm child = start(LimitedServer.class, 0, blocking)) {
            InetSocketAddress address = addressOf(child);
            child.expect("full");
            try (Background<@Nullable Void> client = Background.run(() -> echo(address))) {
                child.expect("failed " + OTHER_REFUSED);
                child.expect("accepted");
                client.result();
            }
            Await.until("a new connection takes the fast path again", () -> takesFastPath(address));
        }
    }

    /** Where there is a fast path: whether the next connection takes it. */
    private static boolean takesFastPath(InetSocketAddress address) throws Exception {
        if (!ProviderUnderTest.current().accelerates()) {
            echo(address);
            return true;
        }
        long before = ManagementBean.acceleratedConnections();
        echo(address);
        return ManagementBean.acceleratedConnections() > before;
    }

    @Test
    void acceptOfAKnownPeersConnection() throws Exception {
        try (ChildJvm child = start(LimitedServer.class, 3, false)) {
            InetSocketAddress address = addressOf(child);
            for (int i = 0; i < 3; i++) {
                echo(address);
            }
            child.expect("full");
            for (int i = 0; i < 3; i++) {
                try (Background<@Nullable Void> client = Background.run(() -> echo(address))) {
                    // An accelerated connection needs none.
                    if (i == 0 && !ProviderUnderTest.current().accelerates()) {
                        child.expect("failed " + OTHER_REFUSED);
                    }
                    child.expect("accepted");
                    client.result();
                }
            }
        }
    }

    @Test
    void aProcessThatFirstConnectsAtItsLimitIsAcceleratedLater() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            boolean accelerates = ProviderUnderTest.current().accelerates();
            try (ChildJvm child = start(LimitedConnector.class, "127.0.0.1", port, accelerates)) {
                child.expect("failed " + SOCKET_REFUSED);
                try (SocketChannel channel = listener.accept()) {
                    assertEquals("1", Io.read(channel, 1));
                    Io.write(channel, "2");
                    child.expect("connected 2");
                }
                if (accelerates) {
                    assertEquals(1, child.readNumber("accelerated"));
                }
            }
        }
    }

    @Test
    void aWriterAtItsLimitStillWakesASelectorThatIsNewToIt() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = start(LimitedWriter.class, "127.0.0.1", port);
                    SocketChannel channel = listener.accept();
                    Selector selector = Selector.open()) {
                assertEquals("1", Io.read(channel, 1));
                Io.write(channel, "1");
                child.expect("full");
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
                try (Background<Integer> select = Background.start(() -> selector.select())) {
                    select.awaitInside("select");
                    child.endInput();
                    assertEquals(1, select.result());
                }
                assertEquals("2", Io.read(channel, 1));
                Io.write(channel, "3");
                child.expect("answered 3");
                assertEquals(0, child.awaitExit());
            }
        }
    }
}
