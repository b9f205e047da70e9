package io.ringway.nio;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A process that opens its ports with no descriptor left, then with one, and so on until there are enough. Says how often
 * that failed, and whether a failure has left descriptors open. Arguments: its directories.
 */
final class FewDescriptors {
    private static final int ENOUGH = 900;

    /** RLIMIT_NOFILE. */
    private static final int DESCRIPTORS = 7;

    private static final MethodHandle SET_LIMITS = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("setrlimit").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private FewDescriptors() {}

    public static void main(String[] args) throws Exception {
        // It opens the JDK's packages.
        SelectorProvider.provider().openServerSocketChannel().close();
        Path[] directories = {Path.of(args[0]), Path.of(args[1])};
        loadClasses();
        open(directories);
        limit(ENOUGH);
        int failures = 0;
        String left = "";
        boolean open = false;
        for (int spare = 0; !open; spare++) {
            int before = count(false);
            limit(count(true) + spare);
            Datapath datapath = datapath(directories);
            open = datapath.obstacle() == null;
            limit(ENOUGH);
            if (!open) {
                failures++;
                left += count(false) == before
                        ? ""
                        : datapath.lastTrouble() + " left " + (count(false) - before) + "; ";
            }
        }
        System.out.println(failures);
        System.out.println(left.isEmpty() ? "none left" : left);
    }

    /** A class file takes a descriptor for a moment. */
    private static void loadClasses() throws Exception {
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path root = Path.of(place);
            if (Files.isDirectory(root.resolve("io/ringway"))) {
                try (Stream<Path> files = Files.walk(root.resolve("io/ringway"))) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".class")).toList()) {
                        String name = root.relativize(file).toString().replace('/', '.');
                        load(name.substring(0, name.length() - ".class".length()));
                    }
                }
            }
        }
    }

    private static void load(String name) throws ClassNotFoundException {
        try {
            Class.forName(name, false, FewDescriptors.class.getClassLoader());
        } catch (NoClassDefFoundError | IllegalAccessError e) {
            // A test of something that isn't on the class path, or of the JDK's that is closed.
            return;
        }
    }

    private static void open(Path... directories) {
        if (datapath(directories).obstacle() != null) {
            throw new AssertionError("no port");
        }
    }

    private static Datapath datapath(Path... directories) {
        try (var channel = SeveralPorts.guest(directories).openServerSocketChannel()) {
            return ((RingwayServerSocketChannel) channel).datapath;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Shared memory is closed when the collector has found that nobody uses it, so {@code memory} says if it counts. */
    private static int count(boolean memory) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : open) {
                count += memory || !Files.readSymbolicLink(each).toString().startsWith("/memfd:") ? 1 : 0;
            }
        }
        return count;
    }

    /** Sets the soft limit on descriptors of this process. */
    private static void limit(int most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocateFrom(ValueLayout.JAVA_LONG, most, ENOUGH);
            if ((int) SET_LIMITS.invokeExact(DESCRIPTORS, limits) != 0) {
                throw new AssertionError("setrlimit " + most);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
