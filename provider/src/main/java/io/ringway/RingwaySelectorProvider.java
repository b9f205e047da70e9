package io.ringway;

import io.ringway.linux.JdkAccess;
import io.ringway.nio.ChannelFactory;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The selector provider that moves TCP connections off the kernel's path. Named by the system property {@code
 * java.nio.channels.spi.SelectorProvider}, or installed by the agent.
 *
 * <p>Constructing it does nothing. The first channel or selector opens the way to the JDK's own provider, the first TCP
 * bind or connect opens the ports. Any thread.
 */
public final class RingwaySelectorProvider extends SelectorProvider {
    private volatile @Nullable ChannelFactory channels;

    /** Does nothing but exist. */
    public RingwaySelectorProvider() {}

    private ChannelFactory channels() {
        ChannelFactory c = channels;
        return c == null ? open() : c;
    }

    private synchronized ChannelFactory open() {
        ChannelFactory c = channels;
        if (c == null) {
            JdkAccess.exportSelectorInternals();
            c = new ChannelFactory(this, Settings.load());
            channels = c;
        }
        return c;
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return channels().openSelector();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return channels().openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return channels().openSocketChannel(Objects.requireNonNull(family, "'family' is null"));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return channels().openServerSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return channels().openServerSocketChannel(Objects.requireNonNull(family, "'family' is null"));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return channels().openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return channels().openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return channels().openPipe();
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return channels().inheritedChannel();
    }
}
