package io.ringway.compat.support;

import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints once per JVM which provider is in use. */
public final class ProviderBanner implements BeforeAllCallback {
    private static final AtomicBoolean PRINTED = new AtomicBoolean();

    @Override
    public void beforeAll(ExtensionContext context) {
        if (PRINTED.compareAndSet(false, true)) {
            System.err.printf(
                    "compat-tests: expected %s, SelectorProvider.provider() is %s, Java %s%n",
                    ProviderUnderTest.current(),
                    SelectorProvider.provider().getClass().getName(),
                    Runtime.version());
        }
    }
}
