package io.ringway.nio;

import io.ringway.Settings;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/** Opens the channels and selectors of a provider. Load it only after the JDK's channel package was exported. Any thread. */
public final class ChannelFactory extends SelectorProvider {
    private final SelectorProvider provider;
    private final Datapath datapath;

    /**
     * A factory of channels.
     *
     * @param provider what the channels name as their provider
     * @param settings what the user configured
     */
    public ChannelFactory(SelectorProvider provider, Settings settings) {
        this.provider = provider;
        this.datapath = new Datapath(settings, provider);
    }

    /** The JDK's own provider, for a process that Ringway can't serve. */
    public static SelectorProvider ofJdk() {
        return KernelProvider.JDK;
    }

    /** A TCP channel, or what the JDK opens for another family. */
    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        if (isInternet(family)) {
            return new RingwaySocketChannel(provider, (StandardProtocolFamily) family, datapath);
        }
        return KernelProvider.JDK.openSocketChannel(family);
    }

    /** A TCP channel for both address families where there are two. */
    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return new RingwaySocketChannel(provider, KernelProvider.defaultFamily(), datapath);
    }

    /** A TCP server channel, or what the JDK opens for another family. */
    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        if (isInternet(family)) {
            return new RingwayServerSocketChannel(provider, (StandardProtocolFamily) family, datapath);
        }
        return KernelProvider.JDK.openServerSocketChannel(family);
    }

    /** A TCP server channel for both address families where there are two. */
    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return new RingwayServerSocketChannel(provider, KernelProvider.defaultFamily(), datapath);
    }

    private static boolean isInternet(ProtocolFamily family) {
        return family == StandardProtocolFamily.INET
                || family == StandardProtocolFamily.INET6
                        && KernelProvider.defaultFamily() == StandardProtocolFamily.INET6;
    }

    /** A selector for all channels. */
    @Override
    public AbstractSelector openSelector() throws IOException {
        return new RingwaySelector(provider, datapath);
    }

    /** The JDK's. */
    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return KernelProvider.JDK.openDatagramChannel();
    }

    /** The JDK's. */
    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return KernelProvider.JDK.openDatagramChannel(family);
    }

    /** A pipe in memory. */
    @Override
    public Pipe openPipe() {
        return new MemoryPipe(provider, datapath);
    }

    /** The JDK's. */
    @Override
    public Channel inheritedChannel() throws IOException {
        return KernelProvider.JDK.inheritedChannel();
    }
}
