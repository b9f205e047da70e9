package io.ringway.nic.fabric;

import io.ringway.linux.LinkDirectory;
import io.ringway.linux.LinuxException;
import io.ringway.linux.LocalSocket;
import io.ringway.linux.Platform;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The private directory where the processes of one user in one network namespace find each other. It holds a socket per
 * process, and symbolic links whose text is a record: listeners, and claimed blocks of ports. Any thread.
 */
public final class FabricDirectory implements AutoCloseable {
    static final String SOCKET = "g-";
    /** A socket on which nobody listens yet. */
    private static final String UNFINISHED = "s-";

    /** What records begin with: listeners, blocks of ports, and drafts of either. */
    private static final List<String> RECORDS = List.of("l-", "p-", "d");

    private static final int OTHERS = 077;

    private final Path path;
    private final LinkDirectory links;

    private FabricDirectory(Path path, LinkDirectory links) {
        this.path = path;
        this.links = links;
    }

    /**
     * What one process answered to {@link #queryAll}.
     *
     * @param name the guest's name, empty if it has none
     * @param pid its process id
     * @param status what its provider tells, or a sentence on why there is nothing
     */
    public record GuestStatus(String name, int pid, String status) {}

    /**
     * Where processes that were told nothing meet. Deliberately not taken from the environment: a service and a shell of
     * the same user would miss each other.
     */
    public static Path defaultDirectory() {
        String name = "ringway-" + Platform.userId();
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory.resolve(name) : Path.of("/tmp").resolve(name);
    }

    /**
     * Asks every process in the directory for its status. Processes that are dead are swept, those that don't answer are
     * listed with that reason.
     *
     * @param directory the directory of the settings, null for the default
     * @param timeoutMillis how long each process may take
     * @throws IOException when the directory can't be used, with the reason; an absent one is empty
     */
    public static List<GuestStatus> queryAll(@Nullable Path directory, int timeoutMillis) throws IOException {
        List<GuestStatus> all = new ArrayList<>();
        try (FabricDirectory here = find(directory)) {
            if (here != null) {
                for (long nonce : here.guests()) {
                    StatusQuery.ask(here, nonce, timeoutMillis, all);
                }
            }
        }
        return all;
    }

    /**
     * Looks whether the directory can be used, or made when it is needed, without making it.
     *
     * @param configured the directory of the settings, null for the default
     * @throws IOException when it can't, with the reason
     */
    public static void checkUsable(@Nullable Path configured) throws IOException {
        try (FabricDirectory here = find(configured)) {
            Path base = configured == null ? defaultDirectory() : configured;
            Path parent = base.toAbsolutePath().getParent();
            if (here == null && parent != null && Files.notExists(base) && !Files.isWritable(parent)) {
                throw new IOException(base + " is missing, and this process can't make it in " + parent);
            }
        }
    }

    /**
     * Whether two paths lead to the same directory, or would if it were made. What isn't there is compared by its name
     * below the last directory that is.
     *
     * @throws IOException when one of them can't be looked at
     */
    public static boolean isSame(Path one, Path other) throws IOException {
        Path first = existing(one);
        Path second = existing(other);
        return first.relativize(one.toAbsolutePath())
                        .normalize()
                        .equals(second.relativize(other.toAbsolutePath()).normalize())
                && Files.isSameFile(first, second);
    }

    /** The path, or the last directory above it that is there. */
    private static Path existing(Path path) {
        Path at = path.toAbsolutePath();
        Path above = at.getParent();
        while (above != null && !Files.exists(at)) {
            at = above;
            above = at.getParent();
        }
        return at;
    }

    /** The directory of this network namespace, or null where nobody has made it yet. */
    static @Nullable FabricDirectory find(@Nullable Path configured) throws IOException {
        Path base = configured == null ? defaultDirectory() : configured;
        Path path = base.resolve(Long.toString(Platform.networkNamespace()));
        try {
            check(base);
            check(path);
            return new FabricDirectory(path, LinkDirectory.open(path));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** The directory of this network namespace, made where it is missing. */
    static FabricDirectory make(@Nullable Path configured) throws IOException {
        Path base = configured == null ? defaultDirectory() : configured;
        Path path = base.resolve(Long.toString(Platform.networkNamespace()));
        makePrivate(base);
        makePrivate(path);
        return new FabricDirectory(path, LinkDirectory.open(path));
    }

    private static void makePrivate(Path path) throws IOException {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // Somebody's: looked at below.
        }
        check(path);
    }

    /** Refuses a directory that anybody else could have put something into. */
    private static void check(Path path) throws IOException {
        Platform.Ownership found = Platform.ownership(path);
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a directory");
        }
        if (found.uid() != Platform.userId()) {
            throw new IOException(path + " belongs to user " + found.uid() + ", not to user " + Platform.userId()
                    + " of this process");
        }
        if ((found.mode() & OTHERS) != 0) {
            throw new IOException(path + " is open to other users (mode 0" + Integer.toOctalString(found.mode())
                    + "); it must have mode 0700");
        }
    }

    Path path() {
        return path;
    }

    Path socket(long nonce) {
        return path.resolve(socketName(nonce));
    }

    private static String socketName(long nonce) {
        return SOCKET + hex(nonce);
    }

    /**
     * Makes a socket under the name of this process. It appears when it listens: whoever finds one that refuses takes its
     * process for dead.
     */
    LocalSocket listen(long nonce, int backlog) throws LinuxException {
        String unfinished = UNFINISHED + hex(nonce);
        LocalSocket socket = LocalSocket.listen(path.resolve(unfinished), backlog);
        try {
            if (!links.rename(unfinished, socketName(nonce), false)) {
                int taken = 17;
                throw new LinuxException("rename ".concat(unfinished), taken);
            }
            return socket;
        } catch (LinuxException e) {
            socket.close();
            links.remove(unfinished);
            throw e;
        }
    }

    static String hex(long nonce) {
        String digits = Long.toHexString(nonce);
        return "0".repeat(16 - digits.length()).concat(digits);
    }

    /** The processes that have a socket here, dead ones among them. */
    List<Long> guests() throws IOException {
        List<Long> nonces = new ArrayList<>();
        for (String name : names(SOCKET + "*", Integer.MAX_VALUE)) {
            try {
                nonces.add(Long.parseUnsignedLong(name.substring(SOCKET.length()), 16));
            } catch (NumberFormatException e) {
                continue;
            }
        }
        return nonces;
    }

    /** All names, or some where there are more than {@code most}. */
    List<String> names(int most) throws IOException {
        return names("*", most);
    }

    private List<String> names(String pattern, int most) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, pattern)) {
            for (Iterator<Path> files = found.iterator(); names.size() < most && files.hasNext(); ) {
                names.add(files.next().getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    static boolean isSocket(String name) {
        return name.startsWith(SOCKET);
    }

    static boolean isRecord(String name) {
        for (String start : RECORDS) {
            if (name.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    String read(String name) throws LinuxException {
        return links.read(name);
    }

    /** Puts a record under a free name; false when the name is taken. */
    boolean create(String name, String text) throws LinuxException {
        return links.create(name, text);
    }

    /** Puts a record under a name, whatever was there, in one step. */
    void replace(String name, String text) throws LinuxException {
        if (links.create(name, text)) {
            return;
        }
        String draft = "d" + hex(System.nanoTime()) + Thread.currentThread().threadId();
        links.create(draft, text);
        links.rename(draft, name, true);
    }

    /** Removes a record if it still is the one that the caller means; another one that takes its place survives. */
    void removeIf(String name, String text) throws LinuxException {
        if (!text.equals(links.read(name))) {
            return;
        }
        String aside = "d" + hex(System.nanoTime()) + Thread.currentThread().threadId();
        if (links.rename(name, aside, false)) {
            String moved = links.read(aside);
            if (moved != null && !moved.equals(text) && links.rename(aside, name, false)) {
                return;
            }
            links.remove(aside);
        }
    }

    void removeSocket(long nonce) throws LinuxException {
        links.remove(socketName(nonce));
    }

    /** Whether a process listens on its socket; a dead one's is removed. */
    boolean isAlive(long nonce) {
        try {
            LocalSocket.connect(socket(nonce), 0).close();
            return true;
        } catch (LinuxException e) {
            if (isDead(e)) {
                sweepSocket(nonce);
                return false;
            }
            return true;
        }
    }

    /** Whether connecting failed because there is no process any more. */
    static boolean isDead(LinuxException e) {
        int refused = 111;
        int missing = 2;
        return e.errno() == refused || e.errno() == missing;
    }

    void sweepSocket(long nonce) {
        try {
            removeSocket(nonce);
        } catch (LinuxException e) {
            return;
        }
    }

    @Override
    public void close() {
        links.close();
    }
}
