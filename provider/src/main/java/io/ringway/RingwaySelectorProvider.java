package io.ringway;

import io.ringway.linux.JdkAccess;
import io.ringway.linux.Platform;
import io.ringway.nio.ChannelFactory;
import io.ringway.nio.EarlyLoading;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The selector provider that moves TCP connections off the kernel's path. Named by the system property {@code
 * java.nio.channels.spi.SelectorProvider}, or installed by the agent. Where Ringway can't serve the JVM, or a setting is
 * wrong, it says so in one line, and every method does what the JDK's own provider does; with {@code
 * ringway.strict=true}, every method throws IllegalStateException instead.
 *
 * <p>Constructing it does nothing. The first channel or selector opens the way to the JDK's own provider and loads classes,
 * the first TCP bind or connect opens the ports. Any thread.
 */
public final class RingwaySelectorProvider extends SelectorProvider {
    private volatile @Nullable SelectorProvider channels;

    /** Does nothing but exist. */
    public RingwaySelectorProvider() {}

    private SelectorProvider channels() {
        SelectorProvider c = channels;
        return c == null ? open() : c;
    }

    private synchronized SelectorProvider open() {
        SelectorProvider c = channels;
        if (c == null) {
            Optional<String> unsupported = Platform.unsupported();
            c = unsupported.isPresent() ? inactive(unsupported.get()) : configured();
            channels = c;
        }
        return c;
    }

    private SelectorProvider configured() {
        Settings settings;
        try {
            settings = Settings.load();
        } catch (InvalidSettingException e) {
            return inactive(String.valueOf(e.getMessage()));
        }
        EarlyLoading.begin();
        JdkAccess.exportSelectorInternals();
        return new ChannelFactory(this, settings);
    }

    /** The JDK's provider does everything, and the user is told why. */
    private static SelectorProvider inactive(String why) {
        String line = "ringway: not active: " + why;
        if (isStrict()) {
            throw new IllegalStateException(line + " (" + SettingKey.STRICT.key() + "=true makes this an error)");
        }
        try {
            JdkAccess.exportSelectorInternals();
        } catch (IllegalStateException e) {
            // What stands in Ringway's way stands in the way of the JDK's provider too.
            throw new IllegalStateException(line, e);
        }
        System.err.println(line + "; the JDK's own provider is used");
        return ChannelFactory.ofJdk();
    }

    /** Whether the user has asked for errors, as far as that can be known without valid settings. */
    private static boolean isStrict() {
        return "true".equals(System.getProperty(SettingKey.STRICT.key()));
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
