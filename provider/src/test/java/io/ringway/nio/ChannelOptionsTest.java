package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Options of channels without a kernel socket are what they would be with one. */
class ChannelOptionsTest {
    private static List<?> values(SocketOption<?> option) {
        return option.type() == Boolean.class
                ? List.of(true, false)
                : List.of(0, 1, 5, 255, 256, 1_000, 60_000, 100_000, 70_000_000, -1, -5);
    }

    @TestFactory
    Stream<DynamicTest> everyOptionIsTakenAsTheKernelTakesIt() {
        return KernelOptions.ofSocketChannels().stream()
                .flatMap(option -> values(option).stream()
                        .map(value -> DynamicTest.dynamicTest(option + "=" + value, () -> compare(option, value))));
    }

    private static void compare(SocketOption<?> option, Object value) throws Exception {
        assertEquals(onKernel(option, value), onOptions(option, value));
    }

    private static String onOptions(SocketOption<?> option, Object value) {
        ChannelOptions options = new ChannelOptions();
        try {
            options.set(option, value);
            return String.valueOf(options.get(option));
        } catch (Exception e) {
            return e.toString();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> String onKernel(SocketOption<T> option, Object value) throws Exception {
        try (SocketChannel channel = KernelProvider.JDK.openSocketChannel()) {
            try {
                channel.setOption(option, (T) value);
                return String.valueOf(channel.getOption(option));
            } catch (Exception e) {
                return e.toString();
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotSetIsAsOnAFreshSocket() {
        return KernelOptions.ofSocketChannels().stream()
                .map(option -> DynamicTest.dynamicTest(option.toString(), () -> {
                    try (SocketChannel channel = KernelProvider.JDK.openSocketChannel()) {
                        assertEquals(channel.getOption(option), new ChannelOptions().get(option));
                    }
                }));
    }

    @Test
    void theStackSeesWhatItNeeds() throws Exception {
        ChannelOptions options = new ChannelOptions();
        assertFalse(options.tcp().noDelay());
        assertEquals(-1, options.linger());
        options.set(StandardSocketOptions.TCP_NODELAY, true);
        options.set(StandardSocketOptions.SO_KEEPALIVE, true);
        options.set(StandardSocketOptions.SO_LINGER, 3);
        assertTrue(options.tcp().noDelay());
        assertTrue(options.tcp().keepAlive());
        assertEquals(3, options.linger());
    }

    @Test
    void aKernelSocketGetsAllThatWasSet() throws Exception {
        ChannelOptions options = new ChannelOptions();
        options.set(StandardSocketOptions.TCP_NODELAY, true);
        options.set(StandardSocketOptions.SO_RCVBUF, 50_000);
        options.set(StandardSocketOptions.SO_REUSEADDR, true);
        try (SocketChannel channel = KernelProvider.JDK.openSocketChannel()) {
            options.applyTo(channel);
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            assertEquals(50_000, channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertTrue(channel.getOption(StandardSocketOptions.SO_REUSEADDR));
        }
    }

    @Test
    void urgentDataInLineIsForTheKernel() throws Exception {
        ChannelOptions options = new ChannelOptions();
        assertFalse(options.wantsUrgentData());
        options.set(KernelOptions.urgentDataInline(), true);
        assertTrue(options.wantsUrgentData());
    }
}
