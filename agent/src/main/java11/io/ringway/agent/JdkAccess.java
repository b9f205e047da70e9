package io.ringway.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * What the flags {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED --enable-native-access=ALL-UNNAMED} would give,
 * the same export of the JDK's events, and no more: no package of the JDK becomes open to the program.
 */
final class JdkAccess {
    private static final String CHANNELS = "sun.nio.ch";
    private static final String EVENTS = "jdk.internal.event";
    private static final String ENABLER = "io.ringway.agent.NativeAccess";

    private JdkAccess() {}

    static void grant(Instrumentation instrumentation) {
        Set<Module> own = Set.of(JdkAccess.class.getModule());
        boolean hasEvents = Object.class.getModule().getPackages().contains(EVENTS);
        add(instrumentation, hasEvents ? Map.of(CHANNELS, own, EVENTS, own) : Map.of(CHANNELS, own), Map.of());
        try {
            enableNativeAccess(instrumentation);
        } catch (ReflectiveOperationException | IOException | LinkageError e) {
            Installation.say("the JVM may warn of restricted methods, "
                    + "--enable-native-access=ALL-UNNAMED turns that off: " + e);
        }
    }

    /** The JDK's {@code java.lang} is opened to a module of one class, which calls one method and is forgotten. */
    private static void enableNativeAccess(Instrumentation instrumentation)
            throws ReflectiveOperationException, IOException {
        Solitary loader = new Solitary(JdkAccess.class.getClassLoader());
        add(instrumentation, Map.of(), Map.of("java.lang", Set.of(loader.getUnnamedModule())));
        ((Runnable) loader.define(ENABLER).getDeclaredConstructor().newInstance()).run();
    }

    private static void add(
            Instrumentation instrumentation, Map<String, Set<Module>> exports, Map<String, Set<Module>> opens) {
        instrumentation.redefineModule(Object.class.getModule(), Set.of(), exports, opens, Set.of(), Map.of());
    }

    /** A loader whose unnamed module holds one class. */
    private static final class Solitary extends ClassLoader {
        private final ClassLoader source;

        Solitary(ClassLoader source) {
            super(null);
            this.source = source;
        }

        Class<?> define(String name) throws IOException {
            try (InputStream in = source.getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new IOException(name + " not found");
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }
}
