package io.ringway.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens the JDK's channel package to Ringway's channel classes, which a JDK selector takes only if they extend it, the
 * package of the events that the JDK's flight recorder knows, and the one of the shortest way to memory.
 */
public final class JdkAccess {
    private static final String PACKAGE = "sun.nio.ch";
    private static final String EVENTS = "jdk.internal.event";
    private static final String MEMORY = "jdk.internal.misc";
    private static final String CLASS_NAME = "java.lang.RingwayAccess";
    private static final String MACHINES = "JNI_GetCreatedJavaVMs";
    private static final int JNI_VERSION = 0x00010008;

    /** Places in the tables of functions, which the JNI specification numbers. */
    private static final int GET_ENV = 6;

    private static final int GET_VERSION = 4;
    private static final int DEFINE_CLASS = 5;
    private static final int EXCEPTION_CLEAR = 17;

    private JdkAccess() {}

    /**
     * Makes {@code sun.nio.ch} accessible to all unnamed modules, in the running virtual machine, and with it the JDK's
     * events and its access to memory if it has such packages. Does nothing when {@code sun.nio.ch} is accessible (by {@code --add-exports}, or
     * by an agent). Must come before the first class that needs the package is loaded. Any thread.
     *
     * @throws IllegalStateException when it can't be done; names the flag that does it
     */
    public static synchronized void exportSelectorInternals() {
        if (isExported()) {
            return;
        }
        Throwable cause = null;
        try {
            defineAndRun(accessClass());
        } catch (RuntimeException | ReflectiveOperationException | LinkageError e) {
            cause = e;
        }
        // A JDK without the events fails after the channels are accessible.
        if (!isExported()) {
            throw failure(cause);
        }
    }

    /**
     * Allows this module restricted methods without the warning that the first one prints. Works only where
     * {@code java.lang} is open to it, as an agent can arrange; returns false otherwise. Any thread.
     */
    public static boolean enableNativeAccess() {
        Module module = JdkAccess.class.getModule();
        if (module.isNativeAccessEnabled()) {
            return true;
        }
        if (!Object.class.getModule().isOpen("java.lang", module)) {
            return false;
        }
        try {
            // Unnamed modules have the permission in common.
            String name = module.isNamed() ? "implAddEnableNativeAccess" : "implAddEnableNativeAccessToAllUnnamed";
            Method method = Module.class.getDeclaredMethod(name);
            method.setAccessible(true);
            method.invoke(module);
            return module.isNativeAccessEnabled();
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    private static boolean isExported() {
        return Object.class.getModule().isExported(PACKAGE, JdkAccess.class.getModule());
    }

    private static IllegalStateException failure(@Nullable Throwable cause) {
        return new IllegalStateException(
                "Ringway can't reach the JDK's channel package by itself: add --add-exports java.base/"
                        + PACKAGE
                        + "=ALL-UNNAMED",
                cause);
    }

    /**
     * Defines {@code bytes} in the boot loader and runs its initialiser. The reference that {@code DefineClass} returns
     * is not used: outside of a native method it could be void at any time.
     */
    static void defineAndRun(byte[] bytes) throws ReflectiveOperationException {
        link();
        LinkageError refusal = null;
        try (Struct definition = new Struct(bytes.length)) {
            definition.bytes.put(0, bytes);
            // From here to the call nothing waits: a virtual thread stays on the thread that this environment is of.
            long environment = environment();
            ByteBuffer table = functions(environment, EXCEPTION_CLEAR);
            Kernel.callFunction(
                    function(table, DEFINE_CLASS),
                    environment,
                    0,
                    0,
                    definition.address,
                    bytes.length,
                    function(table, EXCEPTION_CLEAR));
        } catch (LinkageError e) {
            // Interpreted code throws what is pending when a call returns; compiled code goes on to clear it.
            refusal = e;
        }
        runInitialiser(refusal);
    }

    /** Makes every call once without an effect: nothing may have to be linked while an exception is pending. */
    private static void link() {
        long environment = environment();
        MemorySegment getVersion = function(functions(environment, GET_VERSION), GET_VERSION);
        Kernel.callFunction(getVersion, environment, 0, 0, 0, 0, getVersion);
    }

    private static void runInitialiser(@Nullable LinkageError refusal) throws ClassNotFoundException {
        try {
            Class.forName(CLASS_NAME, true, null);
        } catch (ClassNotFoundException e) {
            if (refusal != null) {
                e.addSuppressed(refusal);
            }
            throw e;
        }
    }

    static byte[] accessClass() {
        return AccessClass.bytes(CLASS_NAME, PACKAGE, EVENTS, MEMORY);
    }

    /** The {@code JNIEnv} of this thread. */
    private static long environment() {
        try (Struct found = new Struct(16)) {
            long result = Kernel.callFunction(machines(), found.address, 1, found.address + 8, 0, 0);
            if ((int) result != 0 || found.bytes.getInt(8) != 1) {
                throw new IllegalStateException(MACHINES);
            }
            long machine = found.bytes.getLong(0);
            MemorySegment getEnv = function(functions(machine, GET_ENV), GET_ENV);
            result = Kernel.callFunction(getEnv, machine, found.address, JNI_VERSION, 0, 0);
            if ((int) result != 0) {
                throw new IllegalStateException("GetEnv");
            }
            return found.bytes.getLong(0);
        }
    }

    /** The function that lists virtual machines: visible to all where a launcher loaded the library, else by its file. */
    private static MemorySegment machines() {
        try (Struct name = Struct.text(MACHINES.getBytes(StandardCharsets.US_ASCII))) {
            long found = Kernel.callFunction(Kernel.libc("dlsym"), 0, name.address, 0, 0, 0);
            if (found != 0) {
                return MemorySegment.ofAddress(found);
            }
        }
        return machinesIn(Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so"));
    }

    static MemorySegment machinesIn(Path library) {
        return Kernel.symbol(SymbolLookup.libraryLookup(library, Arena.global()), MACHINES);
    }

    /** The table that {@code object} starts with a pointer to, up to the function at {@code last}. */
    private static ByteBuffer functions(long object, int last) {
        return memory(memory(object, Long.BYTES).getLong(0), (last + 1) * Long.BYTES);
    }

    private static MemorySegment function(ByteBuffer table, int place) {
        return MemorySegment.ofAddress(table.getLong(place * Long.BYTES));
    }

    private static ByteBuffer memory(long address, int bytes) {
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }
}
