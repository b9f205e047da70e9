package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels of every kind are opened through the provider, by many threads, and closed once. */
class ChannelLifeTest {
    private static final int THREADS = 8;

    /** What a provider opens. */
    enum Kind {
        SOCKET {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openSocketChannel();
            }
        },
        IPV4_SOCKET {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openSocketChannel(StandardProtocolFamily.INET);
            }
        },
        SERVER {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openServerSocketChannel();
            }
        },
        IPV4_SERVER {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openServerSocketChannel(StandardProtocolFamily.INET);
            }
        },
        DATAGRAM {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openDatagramChannel();
            }
        },
        IPV4_DATAGRAM {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openDatagramChannel(StandardProtocolFamily.INET);
            }
        },
        SOURCE {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openPipe().source();
            }
        },
        SINK {
            @Override
            SelectableChannel open(SelectorProvider provider) throws IOException {
                return provider.openPipe().sink();
            }
        };

        abstract SelectableChannel open(SelectorProvider provider) throws IOException;
    }

    @Test
    void thereIsOneProvider() throws Exception {
        Set<SelectorProvider> seen = new HashSet<>();
        for (int i = 0; i < THREADS; i++) {
            seen.add(Background.start(SelectorProvider::provider).result());
        }
        assertEquals(Set.of(SelectorProvider.provider()), seen);
        try (Selector first = SelectorProvider.provider().openSelector();
                Selector second = SelectorProvider.provider().openSelector()) {
            assertNotSame(first, second);
            assertSame(SelectorProvider.provider(), first.provider());
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyThreadsOpenAndRegisterAtOnce(Kind kind) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Background<SelectableChannel>> openers = new ArrayList<>();
        try (Selector selector = SelectorProvider.provider().openSelector()) {
            for (int i = 0; i < THREADS; i++) {
                openers.add(Background.start(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    SelectableChannel channel = kind.open(SelectorProvider.provider());
                    channel.configureBlocking(false);
                    SelectionKey key = channel.register(selector, 0);
                    assertSame(channel, key.channel());
                    return channel;
                }));
            }
            Set<SelectableChannel> channels = new HashSet<>();
            for (Background<SelectableChannel> opener : openers) {
                channels.add(opener.result());
            }
            assertEquals(THREADS, channels.size());
            assertEquals(THREADS, selector.keys().size());
            for (SelectableChannel channel : channels) {
                channel.close();
            }
            selector.selectNow();
            assertEquals(Set.of(), selector.keys());
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyThreadsCloseAtOnceAndAllFindItClosed(Kind kind) throws Exception {
        for (int round = 0; round < 20; round++) {
            SelectableChannel channel = kind.open(SelectorProvider.provider());
            assertTrue(channel.isOpen());
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Background<?>> closers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                closers.add(Background.run(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    channel.close();
                    assertFalse(channel.isOpen());
                }));
            }
            for (Background<?> closer : closers) {
                closer.result();
            }
            channel.close();
            assertFalse(channel.isOpen());
        }
    }
}
