package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What the kernel holds for sockets. Where {@code /proc/slabinfo} can be read (as root), it is the objects in the caches
 * that sockets are made of, of the whole system; elsewhere, the sockets that processes have open by the size that these
 * objects have together on Linux 6.18, x86_64. Buffered bytes are added in both cases ({@code /proc/net/sockstat}).
 */
final class KernelMemory {
    /** How it is counted where the kernel's caches can be read. */
    static final String BY_CACHES = "slabinfo";
    /** How it is counted elsewhere. */
    static final String BY_SOCKETS = "sockets";

    /** TCPv6 2,496, sock_inode_cache 832, filp 192, dentry 192, lsm_inode_cache 32, eventpoll_epi 128. */
    private static final long BYTES_PER_SOCKET = 3872;

    private static final long PAGE_BYTES = 4096;
    private static final Path CACHES = Path.of("/proc/slabinfo");
    private static final Path BUFFERED = Path.of("/proc/net/sockstat");
    private static final Set<String> NAMES = Set.of(
            "TCP",
            "TCPv6",
            "UNIX",
            "UNIX-STREAM",
            "request_sock_TCP",
            "request_sock_TCPv6",
            "tw_sock_TCP",
            "tw_sock_TCPv6",
            "sock_inode_cache",
            "filp",
            "dentry",
            "lsm_inode_cache",
            "eventpoll_epi",
            "eventpoll_pwq",
            "ep_head",
            "skbuff_head_cache",
            "skbuff_small_head");

    private KernelMemory() {}

    /** {@link #BY_CACHES} or {@link #BY_SOCKETS}. */
    static String countedBy() {
        return Files.isReadable(CACHES) ? BY_CACHES : BY_SOCKETS;
    }

    /** Bytes at this moment, of the whole system or of {@code pids}; only differences mean something. */
    static long bytes(long... pids) throws IOException {
        long bytes = bufferedBytes(Files.readAllLines(BUFFERED));
        if (countedBy().equals(BY_CACHES)) {
            return bytes + cacheBytes(Files.readAllLines(CACHES));
        }
        for (long pid : pids) {
            bytes += sockets(pid) * BYTES_PER_SOCKET;
        }
        return bytes;
    }

    /** Objects in use by their size, from the lines of {@code slabinfo}: name, in use, in all, size. */
    static long cacheBytes(List<String> lines) {
        long bytes = 0;
        for (String line : lines) {
            String[] words = line.split("\\s+");
            if (words.length > 3 && NAMES.contains(words[0])) {
                bytes += Long.parseLong(words[1]) * Long.parseLong(words[3]);
            }
        }
        return bytes;
    }

    /** The pages behind the word "mem" in the line of TCP. */
    static long bufferedBytes(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("TCP: "))
                .mapToLong(line -> Long.parseLong(line.replaceFirst(".* mem (\\d+).*", "$1")) * PAGE_BYTES)
                .sum();
    }

    private static long sockets(long pid) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (isSocket(descriptor)) {
                    count++;
                }
            }
        }
        return count;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // Closed between listing and reading.
            return false;
        }
    }
}
