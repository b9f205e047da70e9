package io.ringway.linux;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** This machine, kernel and process. Any thread. */
public final class Platform {
    private static final Path PORT_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Path NETWORK_NAMESPACE = Path.of("/proc/self/ns/net");

    private Platform() {}

    /**
     * Ports that the kernel gives to sockets that ask for none.
     *
     * @param first the lowest
     * @param last the highest
     */
    public record PortRange(int first, int last) {}

    /**
     * Who owns a file, and what others may do with it.
     *
     * @param uid user id of the owner
     * @param mode permission bits, for instance 0700
     */
    public record Ownership(int uid, int mode) {}

    /** Loaded when first asked for: it needs the downcall. */
    private static final class PageSize {
        static final int BYTES = (int) Kernel.callFunction(Kernel.libc("getpagesize"), 0, 0, 0, 0, 0);
    }

    /** Why this virtual machine can't be served, as a sentence for the user; empty when it can. */
    public static Optional<String> unsupported() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return Optional.of("Ringway runs on Linux only, not on ".concat(System.getProperty("os.name")));
        }
        String architecture = System.getProperty("os.arch");
        if (!"amd64".equals(architecture) && !"aarch64".equals(architecture)) {
            return Optional.of("Ringway runs on x86_64 and aarch64 only, not on ".concat(architecture));
        }
        try {
            // The cheapest of the calls that need permission.
            MemorySegment.NULL.reinterpret(0);
            return Optional.empty();
        } catch (IllegalCallerException e) {
            return Optional.of(
                    "Ringway needs native access, which this JVM denies: add --enable-native-access=ALL-UNNAMED");
        }
    }

    /** Bytes. */
    public static int pageSize() {
        return PageSize.BYTES;
    }

    /** The effective user id. */
    public static int userId() {
        return (int) Kernel.call(SystemCall.GETEUID);
    }

    /** The process id, as this process's PID namespace shows it. */
    public static int processId() {
        return (int) Kernel.call(SystemCall.GETPID);
    }

    /** A number that processes have in common if, and only if, they share the network namespace. */
    public static long networkNamespace() throws IOException {
        String link = Files.readSymbolicLink(NETWORK_NAMESPACE).toString();
        int from = link.indexOf('[');
        if (from < 0 || !link.endsWith("]")) {
            throw new IOException("unexpected name of the network namespace: ".concat(link));
        }
        return Long.parseLong(link, from + 1, link.length() - 1, 10);
    }

    /** The smallest of physical memory and the limits of this process's control groups, in bytes. */
    public static long memoryLimit() {
        return MemoryLimit.read(Path.of("/"));
    }

    /** Processors that this process may use now. */
    public static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** The range that the kernel takes local ports from, at the moment. */
    public static PortRange ephemeralPortRange() throws IOException {
        String text = read(PORT_RANGE).trim();
        int space = 0;
        while (space < text.length() && text.charAt(space) > ' ') {
            space++;
        }
        try {
            return new PortRange(
                    Integer.parseInt(text, 0, space, 10),
                    Integer.parseInt(text.substring(space).trim()));
        } catch (NumberFormatException e) {
            throw new IOException("unexpected content of ".concat(PORT_RANGE.toString()), e);
        }
    }

    /** Owner and permissions of the file itself, not of one that it links to. */
    public static Ownership ownership(Path file) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        Object uid = Objects.requireNonNull(found.get("uid"));
        Object mode = Objects.requireNonNull(found.get("mode"));
        return new Ownership((Integer) uid, (Integer) mode & 07777);
    }

    /** A file of the kernel that must be read at once: it gives every further read nothing. */
    private static String read(Path file) throws IOException {
        byte[] bytes = new byte[256];
        try (InputStream in = Files.newInputStream(file)) {
            int length = in.read(bytes);
            return new String(bytes, 0, Math.max(0, length), StandardCharsets.US_ASCII);
        }
    }
}
