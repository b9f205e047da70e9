package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptionTest {
    /** When a channel's options are looked at. */
    enum Moment {
        UNCONNECTED,
        CONNECTED,
        ACCEPTED;

        SocketChannel channel(TcpPair pair) throws IOException {
            return switch (this) {
                case UNCONNECTED -> SocketChannel.open();
                case CONNECTED -> pair.client();
                case ACCEPTED -> pair.server();
            };
        }
    }

    static Stream<SocketOption<Boolean>> switches() {
        return Stream.of(
                StandardSocketOptions.TCP_NODELAY,
                StandardSocketOptions.SO_KEEPALIVE,
                StandardSocketOptions.SO_REUSEADDR,
                StandardSocketOptions.SO_REUSEPORT);
    }

    static Stream<SocketOption<Integer>> keepAliveTimes() {
        return Stream.of(
                ExtendedSocketOptions.TCP_KEEPIDLE,
                ExtendedSocketOptions.TCP_KEEPINTERVAL,
                ExtendedSocketOptions.TCP_KEEPCOUNT);
    }

    @Test
    void theSupportedOptionsAreThoseOfTheJdkOnLinux() throws IOException {
        TreeMap<String, Class<?>> options = new TreeMap<>();
        try (SocketChannel channel = SocketChannel.open()) {
            channel.supportedOptions().forEach(option -> options.put(option.name(), option.type()));
        }
        assertEquals(
                Set.of(
                        "IP_TOS",
                        "SO_INCOMING_NAPI_ID",
                        "SO_KEEPALIVE",
                        "SO_LINGER",
                        "SO_OOBINLINE",
                        "SO_RCVBUF",
                        "SO_REUSEADDR",
                        "SO_REUSEPORT",
                        "SO_SNDBUF",
                        "TCP_KEEPCOUNT",
                        "TCP_KEEPIDLE",
                        "TCP_KEEPINTERVAL",
                        "TCP_NODELAY",
                        "TCP_QUICKACK"),
                options.keySet());
    }

    @ParameterizedTest
    @EnumSource
    void everySupportedOptionHasAValueOfItsType(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            for (SocketOption<?> option : channel.supportedOptions()) {
                Object value = channel.getOption(option);
                assertNotNull(value, option::name);
                assertSame(option.type(), value.getClass(), option::name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void defaultsAreTheKernels(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            assertEquals(false, channel.getOption(StandardSocketOptions.TCP_NODELAY));
            assertEquals(false, channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
            assertEquals(-1, channel.getOption(StandardSocketOptions.SO_LINGER));
            assertEquals(0, channel.getOption(StandardSocketOptions.IP_TOS));
            assertEquals(7200, channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
            assertTrue(channel.getOption(StandardSocketOptions.SO_SNDBUF) > 0);
            assertTrue(channel.getOption(StandardSocketOptions.SO_RCVBUF) > 0);
        }
    }

    @ParameterizedTest
    @MethodSource("switches")
    void aSwitchIsSetAndReadBackAtEveryMoment(SocketOption<Boolean> option) throws Exception {
        for (Moment moment : Moment.values()) {
            try (TcpPair pair = TcpPair.open();
                    SocketChannel channel = moment.channel(pair)) {
                assertSame(channel, channel.setOption(option, true));
                assertEquals(true, channel.getOption(option), () -> option + " " + moment);
                channel.setOption(option, false);
                assertEquals(false, channel.getOption(option), () -> option + " " + moment);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keepAliveTimes")
    void keepAliveTimesAreSetAndReadBack(SocketOption<Integer> option) throws Exception {
        for (Moment moment : Moment.values()) {
            try (TcpPair pair = TcpPair.open();
                    SocketChannel channel = moment.channel(pair)) {
                channel.setOption(option, 7);
                assertEquals(7, channel.getOption(option), () -> option + " " + moment);
                assertThrows(SocketException.class, () -> channel.setOption(option, 0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void lingerIsSetClampedAndSwitchedOff(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            SocketOption<Integer> linger = StandardSocketOptions.SO_LINGER;
            assertEquals(0, channel.setOption(linger, 0).getOption(linger));
            assertEquals(5, channel.setOption(linger, 5).getOption(linger));
            assertEquals(65535, channel.setOption(linger, 100_000).getOption(linger));
            assertEquals(-1, channel.setOption(linger, -5).getOption(linger));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bufferSizesAreReadBackAsSet(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            for (SocketOption<Integer> option :
                    Set.of(StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_RCVBUF)) {
                assertEquals(65536, channel.setOption(option, 65536).getOption(option));
                assertEquals(131_072, channel.setOption(option, 131_072).getOption(option));
                channel.setOption(option, 0);
                assertTrue(channel.getOption(option) > 0, "the kernel has a minimum");
                assertThrows(IllegalArgumentException.class, () -> channel.setOption(option, -1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBufferBeyondTheMaximumHasTheMaximum(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            for (SocketOption<Integer> option :
                    Set.of(StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_RCVBUF)) {
                int largest = channel.setOption(option, Integer.MAX_VALUE / 2).getOption(option);
                assertTrue(largest > 0);
                assertEquals(
                        largest,
                        channel.setOption(option, Integer.MAX_VALUE / 4).getOption(option));
            }
        }
    }

    @Test
    void smallBuffersStillCarryALargeMessage() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            pair.client().setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            pair.server().setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            long accepted = Io.writeUntilFull(pair.client(), 64 * 1024);
            assertTrue(accepted > 0);
            pair.client().shutdownOutput();
            assertEquals(accepted, Io.countToEnd(pair.server()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void trafficClassIsSetAndReadBack(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            SocketOption<Integer> tos = StandardSocketOptions.IP_TOS;
            assertEquals(0x10, channel.setOption(tos, 0x10).getOption(tos));
            assertThrows(IllegalArgumentException.class, () -> channel.setOption(tos, 300));
            assertThrows(IllegalArgumentException.class, () -> channel.setOption(tos, -1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void unsupportedOptionsAreRefused(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            SocketOption<Integer> foreign = StandardSocketOptions.IP_MULTICAST_TTL;
            assertThrows(UnsupportedOperationException.class, () -> channel.getOption(foreign));
            assertThrows(UnsupportedOperationException.class, () -> channel.setOption(foreign, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadOnlyOptionRefusesToBeSet(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            SocketOption<Integer> napiId = ExtendedSocketOptions.SO_INCOMING_NAPI_ID;
            assertEquals(0, channel.getOption(napiId));
            assertThrows(SocketException.class, () -> channel.setOption(napiId, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesOfAnotherTypeAndNullsAreRefused(Moment moment) throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel channel = moment.channel(pair)) {
            assertThrows(
                    IllegalArgumentException.class, () -> setRaw(channel, StandardSocketOptions.SO_SNDBUF, "large"));
            assertThrows(
                    IllegalArgumentException.class, () -> setRaw(channel, StandardSocketOptions.TCP_NODELAY, none()));
            assertThrows(NullPointerException.class, () -> setRaw(channel, none(), true));
            assertThrows(NullPointerException.class, () -> channel.getOption(OptionTest.<SocketOption<?>>none()));
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void setRaw(SocketChannel channel, SocketOption option, Object value) throws IOException {
        channel.setOption(option, value);
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue", "TypeParameterUnusedInFormals"})
    private static <T> T none() {
        return null;
    }

    @Test
    void optionsSetBeforeConnectHoldAfterIt() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel channel = SocketChannel.open()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true)
                    .setOption(StandardSocketOptions.SO_KEEPALIVE, true)
                    .setOption(StandardSocketOptions.SO_LINGER, 3)
                    .setOption(StandardSocketOptions.SO_SNDBUF, 100_000)
                    .setOption(StandardSocketOptions.SO_RCVBUF, 120_000)
                    .setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 11)
                    .connect(listener.getLocalAddress());
            assertEquals(true, channel.getOption(StandardSocketOptions.TCP_NODELAY));
            assertEquals(true, channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
            assertEquals(3, channel.getOption(StandardSocketOptions.SO_LINGER));
            assertEquals(100_000, channel.getOption(StandardSocketOptions.SO_SNDBUF));
            assertEquals(120_000, channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertEquals(11, channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
        }
    }

    @Test
    void aClosedChannelRefusesOptionsAfterCheckingThem() throws Exception {
        SocketChannel channel = SocketChannel.open();
        channel.close();
        for (SocketOption<?> option : channel.supportedOptions()) {
            assertThrows(ClosedChannelException.class, () -> channel.getOption(option));
        }
        assertThrows(
                UnsupportedOperationException.class, () -> channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        assertThrows(IllegalArgumentException.class, () -> setRaw(channel, StandardSocketOptions.SO_SNDBUF, "large"));
    }
}
