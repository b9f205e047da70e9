package io.ringway.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What several tests need of the system: raw calls that the product doesn't make, and JVMs beside this one. */
final class TestSystem {
    static final boolean X86 = System.getProperty("os.arch").equals("amd64");
    static final int DUP = X86 ? 32 : 23;
    static final int GETTID = X86 ? 186 : 178;
    static final int TGKILL = X86 ? 234 : 131;
    static final int SOCKETPAIR = X86 ? 53 : 199;
    static final int PIPE2 = X86 ? 293 : 59;

    private TestSystem() {}

    static int duplicate(int descriptor) throws LinuxException {
        return (int) Kernel.check("dup", Kernel.call(DUP, descriptor));
    }

    static int memoryFile(String name, int flags, long size) throws LinuxException {
        try (Struct text = Struct.text(name.getBytes(StandardCharsets.US_ASCII))) {
            int descriptor = (int) Kernel.check("memfd", Kernel.call(SystemCall.MEMFD_CREATE, text.address, flags));
            Kernel.check("ftruncate", Kernel.call(SystemCall.FTRUNCATE, descriptor, size));
            return descriptor;
        }
    }

    static long open(String path, int flags) {
        try (Struct text = Struct.text(path.getBytes(StandardCharsets.US_ASCII))) {
            return Kernel.call(SystemCall.OPENAT, -100, text.address, flags);
        }
    }

    static boolean isOpen(int descriptor) {
        return Files.exists(Path.of("/proc/self/fd/" + descriptor), LinkOption.NOFOLLOW_LINKS);
    }

    /** What each of this process's descriptors is. */
    static long descriptorsOf(String kind) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().contains(kind);
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    static boolean isMapped(MemorySegment segment) throws IOException {
        String start = Long.toHexString(segment.address()) + "-";
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().anyMatch(line -> line.startsWith(start));
    }

    /** A JVM with this one's class path and {@code main}'s class in it; output and errors in one stream. */
    static Process java(List<String> flags, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static String outputOf(Process process) throws IOException, InterruptedException {
        CompletableFuture.delayedExecutor(2, TimeUnit.MINUTES).execute(process::destroyForcibly);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output + "[exit " + process.waitFor() + "]";
    }
}
