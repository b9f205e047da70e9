package io.ringway.nio;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.spi.SelectorProvider;
import sun.nio.ch.DefaultSelectorProvider;

/** The JDK's own provider, which serves everything that stays with the kernel. Any thread. */
final class KernelProvider {
    static final SelectorProvider JDK = DefaultSelectorProvider.get();

    private KernelProvider() {}

    /** Looked up when first asked for. */
    private static final class InternetFamily {
        static final StandardProtocolFamily DEFAULT = find();

        private static StandardProtocolFamily find() {
            try {
                JDK.openSocketChannel(StandardProtocolFamily.INET6).close();
                return StandardProtocolFamily.INET6;
            } catch (IOException | UnsupportedOperationException e) {
                return StandardProtocolFamily.INET;
            }
        }
    }

    /** The family of a channel that is opened without one: IPv6, which takes IPv4 addresses too, unless it is switched off. */
    static StandardProtocolFamily defaultFamily() {
        return InternetFamily.DEFAULT;
    }
}
