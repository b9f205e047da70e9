package io.ringway.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** The options that the JDK's channels know: ours know the same. Any thread. */
final class KernelOptions {
    private KernelOptions() {}

    private static final class OfSocketChannels {
        static final Set<SocketOption<?>> ALL = ask(false);
    }

    static Set<SocketOption<?>> ofSocketChannels() {
        return OfSocketChannels.ALL;
    }

    private static final class OfServerSocketChannels {
        static final Set<SocketOption<?>> ALL = ask(true);
    }

    static Set<SocketOption<?>> ofServerSocketChannels() {
        return OfServerSocketChannels.ALL;
    }

    /** The option behind {@code Socket.setOOBInline}, which has no public constant. */
    @SuppressWarnings("unchecked") // its type is looked at
    static SocketOption<Boolean> urgentDataInline() {
        for (SocketOption<?> option : OfSocketChannels.ALL) {
            if ("SO_OOBINLINE".equals(option.name()) && option.type() == Boolean.class) {
                return (SocketOption<Boolean>) option;
            }
        }
        throw new UnsupportedOperationException("SO_OOBINLINE");
    }

    private static Set<SocketOption<?>> ask(boolean server) {
        try (NetworkChannel channel = open(server)) {
            return channel.supportedOptions();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NetworkChannel open(boolean server) throws IOException {
        if (server) {
            ServerSocketChannel channel = KernelProvider.JDK.openServerSocketChannel();
            return channel;
        }
        SocketChannel channel = KernelProvider.JDK.openSocketChannel();
        return channel;
    }
}
