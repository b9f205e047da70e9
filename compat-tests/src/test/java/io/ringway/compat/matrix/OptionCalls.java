package io.ringway.compat.matrix;

import static io.ringway.compat.matrix.SocketCalls.none;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Getting and setting every option, with values that are right, wrong in size, and wrong in type. */
final class OptionCalls {
    private static final List<Integer> NUMBERS = List.of(-1, 0, 1, 256, 32_768, 70_000);

    private OptionCalls() {}

    static void addTo(List<ChannelCall<SocketChannel>> calls) {
        try (SocketChannel channel = SocketChannel.open()) {
            add(calls, channel.supportedOptions());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void addToServers(List<ChannelCall<ServerSocketChannel>> calls) {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            add(calls, channel.supportedOptions());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static <C extends SelectableChannel & NetworkChannel> void add(
            List<ChannelCall<C>> calls, Set<SocketOption<?>> supported) {
        List<SocketOption<?>> options = new ArrayList<>(supported);
        options.add(StandardSocketOptions.IP_MULTICAST_LOOP);
        options.sort(Comparator.comparing(SocketOption::name));
        for (SocketOption<?> option : options) {
            // The size of a buffer is the machine's, and TCP goes in and out of quick acknowledgment by itself.
            boolean varies = option.name().endsWith("BUF") || option.name().equals("TCP_QUICKACK");
            calls.add(new ChannelCall<>(
                    "get " + option,
                    false,
                    (c, in) -> varies ? c.getOption(option).getClass() : c.getOption(option)));
            List<?> values = option.type() == Boolean.class ? List.of(true, false) : NUMBERS;
            for (Object value : values) {
                calls.add(new ChannelCall<>("set " + option + " " + value, false, (c, in) -> set(c, option, value)));
            }
            calls.add(new ChannelCall<>("set " + option + " text", false, (c, in) -> set(c, option, "text")));
            calls.add(new ChannelCall<>("set " + option + " null", false, (c, in) -> set(c, option, none())));
        }
        calls.add(new ChannelCall<>("set null", false, (c, in) -> set(c, none(), 1)));
        calls.add(new ChannelCall<>("get null", false, (c, in) -> c.getOption(OptionCalls.<Object>nothing())));
    }

    private static <T> SocketOption<T> nothing() {
        return none();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // wrong types are wanted
    private static Object set(NetworkChannel c, SocketOption option, Object value) throws IOException {
        boolean same = c.setOption(option, value) == c;
        return same + " " + c.getOption(option);
    }
}
