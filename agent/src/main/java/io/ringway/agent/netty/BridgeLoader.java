package io.ringway.agent.netty;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of the bridge package once for each Netty: beside Netty's classes they see Ringway's own, whatever
 * class loader the program has for Netty. Lives as long as the Netty that uses it.
 */
final class BridgeLoader extends ClassLoader {
    private static final String BRIDGE = "io.ringway.agent.netty.bridge.";
    private static final String RINGWAY = "io.ringway.";
    private static final Map<ClassLoader, WeakReference<BridgeLoader>> LOADERS = new WeakHashMap<>();

    static {
        registerAsParallelCapable();
    }

    private BridgeLoader(ClassLoader netty) {
        super("ringway-netty", netty);
    }

    /** The one for a Netty. */
    static BridgeLoader of(ClassLoader netty) {
        synchronized (LOADERS) {
            WeakReference<BridgeLoader> known = LOADERS.get(netty);
            BridgeLoader loader = known == null ? null : known.get();
            if (loader == null) {
                loader = new BridgeLoader(netty);
                LOADERS.put(netty, new WeakReference<>(loader));
            }
            return loader;
        }
    }

    /** A class of the bridge package. */
    Class<?> bridge(String simpleName) throws ClassNotFoundException {
        return loadClass(BRIDGE + simpleName);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(BRIDGE)) {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }
        return name.startsWith(RINGWAY)
                ? Class.forName(name, false, BridgeLoader.class.getClassLoader())
                : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (@Nullable
                InputStream in =
                        BridgeLoader.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
