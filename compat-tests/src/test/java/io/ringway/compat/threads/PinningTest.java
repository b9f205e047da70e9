package io.ringway.compat.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.TimeLimit;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No carrier is pinned by virtual threads that wait in calls of channels, as the flight recorder sees it. */
@TimeLimit(90)
class PinningTest {
    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final int ROUNDS = 10;
    private static final int MUCH = 20_000_000;

    /** What virtual threads wait in. */
    enum Wait {
        CONNECT {
            @Override
            void happens() throws Exception {
                try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                        SocketChannel client = Background.startVirtual(
                                        () -> SocketChannel.open(listener.getLocalAddress()))
                                .result();
                        SocketChannel server = listener.accept()) {
                    Io.pingPong(new TcpPair(client, server));
                }
            }
        },

        ACCEPT {
            @Override
            void happens() throws Exception {
                try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                        Background<SocketChannel> accept = Background.startVirtual(listener::accept)) {
                    accept.awaitInside("accept");
                    try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                            SocketChannel server = accept.result()) {
                        Io.pingPong(new TcpPair(client, server));
                    }
                }
            }
        },

        ACCEPT_CLOSED {
            @Override
            void happens() throws Exception {
                try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                        Background<SocketChannel> accept = Background.startVirtual(listener::accept)) {
                    accept.awaitInside("accept");
                    closedByAnother(listener, accept);
                }
            }
        },

        READ {
            @Override
            void happens() throws Exception {
                try (TcpPair pair = TcpPair.open();
                        Background<String> reader = Background.startVirtual(() -> Io.read(pair.server(), 4))) {
                    reader.awaitInside("read");
                    virtually(() -> Io.write(pair.client(), "wake"));
                    assertEquals("wake", reader.result());
                }
            }
        },

        READ_CLOSED {
            @Override
            void happens() throws Exception {
                try (TcpPair pair = TcpPair.open();
                        Background<Integer> reader =
                                Background.startVirtual(() -> pair.server().read(ByteBuffer.allocate(1)))) {
                    reader.awaitInside("read");
                    closedByAnother(pair.server(), reader);
                }
            }
        },

        READ_WITH_TIMEOUT {
            @Override
            void happens() throws Exception {
                try (TcpPair pair = TcpPair.open()) {
                    pair.server().socket().setSoTimeout(20);
                    InputStream in = pair.server().socket().getInputStream();
                    Background.startVirtual(() -> in.read()).failure(SocketTimeoutException.class);
                }
            }
        },

        WRITE {
            @Override
            void happens() throws Exception {
                try (TcpPair pair = TcpPair.open();
                        Background<@Nullable Void> writer = Background.startVirtual(() -> {
                            Io.write(pair.client(), ByteBuffer.allocate(MUCH));
                            pair.client().close();
                            return null;
                        })) {
                    writer.awaitInside("write");
                    assertEquals(
                            MUCH,
                            Background.startVirtual(() -> Io.countToEnd(pair.server()))
                                    .result());
                    writer.result();
                }
            }
        },

        PIPE {
            @Override
            void happens() throws Exception {
                Pipe pipe = Pipe.open();
                try (Pipe.SourceChannel source = pipe.source();
                        Pipe.SinkChannel sink = pipe.sink();
                        Background<String> reader = Background.startVirtual(() -> Io.read(source, 4))) {
                    reader.awaitInside("read");
                    virtually(() -> Io.write(sink, "wake"));
                    assertEquals("wake", reader.result());
                    try (Background<@Nullable Void> writer = Background.startVirtual(() -> {
                        Io.write(sink, ByteBuffer.allocate(1_000_000));
                        sink.close();
                        return null;
                    })) {
                        writer.awaitInside("write");
                        assertEquals(
                                1_000_000,
                                Background.startVirtual(() -> Io.countToEnd(source))
                                        .result());
                        writer.result();
                    }
                }
            }
        };

        abstract void happens() throws Exception;

        private static void virtually(Background.Action action) throws Exception {
            Background.startVirtual(() -> {
                        action.run();
                        return null;
                    })
                    .result();
        }

        private static void closedByAnother(AutoCloseable channel, Background<?> waiting) throws Exception {
            virtually(channel::close);
            waiting.failure(AsynchronousCloseException.class);
        }
    }

    private static void repeat(Wait wait) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            wait.happens();
        }
    }

    private static List<RecordedEvent> pinned(Background.Action action) throws Exception {
        Path file = Files.createTempFile("pinned", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file);
        } finally {
            Files.delete(file);
        }
    }

    /** Classes that are used for the first time are loaded and initialised by native code, which pins: not meant here. */
    @ParameterizedTest
    @EnumSource
    void noCarrierIsPinned(Wait wait) throws Exception {
        if (wait == Wait.PIPE || wait == Wait.ACCEPT_CLOSED) {
            // No connection.
            repeat(wait);
        } else {
            ManagementBean.assertAccelerated(() -> repeat(wait));
        }
        assertEquals(List.of(), pinned(() -> repeat(wait)));
    }

    /** Waits where it is initialised. */
    private static final class Initialised {
        static final boolean WAITED;

        static {
            LockSupport.parkNanos(1_000_000);
            WAITED = true;
        }
    }

    @Test
    void aPinnedCarrierWouldBeSeen() throws Exception {
        assertNotEquals(
                List.of(),
                pinned(() -> Background.startVirtual(() -> Initialised.WAITED).result()));
    }
}
