package io.ringway.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A directory of short texts under short names, each kept as a symbolic link that leads nowhere: one system call reads
 * one, and making one is atomic and exclusive. Names and texts are ASCII. Any thread.
 */
public final class LinkDirectory implements AutoCloseable {
    private static final int AT_FDCWD = -100;
    private static final int O_DIRECTORY = isX86() ? 0200000 : 040000;
    private static final int O_NOFOLLOW = isX86() ? 0400000 : 0100000;
    private static final int O_PATH_CLOEXEC = 010000000 | 02000000;
    private static final int RENAME_NOREPLACE = 1;
    private static final int ENOENT = 2;
    private static final int EEXIST = 17;
    private static final int NAME = 256;
    private static final int TEXT = 1024;

    private static final int UNLINKAT = isX86() ? 263 : 35;
    private static final int SYMLINKAT = isX86() ? 266 : 36;
    private static final int READLINKAT = isX86() ? 267 : 78;
    private static final int RENAMEAT2 = isX86() ? 316 : 276;

    private final Descriptor descriptor;
    /** Memory for the next reader; others that read at the same time make their own. */
    private final AtomicReference<@Nullable Struct> reading = new AtomicReference<>();

    private LinkDirectory(int descriptor) {
        this.descriptor = new Descriptor(descriptor);
    }

    /**
     * Opens a directory, which later may be renamed.
     *
     * @throws LinuxException ENOENT when there is none, ENOTDIR when it is something else, a link to one included
     */
    public static LinkDirectory open(Path path) throws LinuxException {
        try (Struct text = Struct.text(path.toString().getBytes(StandardCharsets.UTF_8))) {
            int flags = O_PATH_CLOEXEC | O_DIRECTORY | O_NOFOLLOW;
            long opened = Kernel.call(SystemCall.OPENAT, AT_FDCWD, text.address, flags);
            return new LinkDirectory((int) Kernel.check("open ".concat(path.toString()), opened));
        }
    }

    /** The text under a name, or null when there is none. */
    public @Nullable String read(String name) throws LinuxException {
        int directory = descriptor.acquire("readlink");
        Struct idle = reading.getAndSet(null);
        Struct struct = idle == null ? Struct.collected(NAME + TEXT) : idle;
        try {
            put(struct, 0, NAME, name);
            long length = Kernel.call(READLINKAT, directory, struct.address, struct.address + NAME, TEXT);
            if (length == -ENOENT || length == -Errno.EINVAL) {
                return null;
            }
            byte[] text = new byte[(int) Kernel.check("readlink", length)];
            struct.bytes.get(NAME, text);
            return new String(text, StandardCharsets.ISO_8859_1);
        } finally {
            reading.set(struct);
            descriptor.release();
        }
    }

    /** Puts a text under a name that has none; false when it has one. */
    public boolean create(String name, String text) throws LinuxException {
        int directory = descriptor.acquire("symlink");
        try (Struct struct = new Struct(NAME + TEXT)) {
            put(struct, 0, NAME, name);
            put(struct, NAME, TEXT, text);
            long made = Kernel.call(SYMLINKAT, struct.address + NAME, directory, struct.address);
            if (made == -EEXIST) {
                return false;
            }
            Kernel.check("symlink ".concat(name), made);
            return true;
        } finally {
            descriptor.release();
        }
    }

    /** Gives a text another name, atomically; false when it is gone, or when the name is taken and must not be. */
    public boolean rename(String from, String to, boolean replace) throws LinuxException {
        int directory = descriptor.acquire("rename");
        try (Struct struct = new Struct(2 * NAME)) {
            put(struct, 0, NAME, from);
            put(struct, NAME, NAME, to);
            int flags = replace ? 0 : RENAME_NOREPLACE;
            long renamed =
                    Kernel.call(RENAMEAT2, directory, struct.address, directory, struct.address + NAME, flags, 0);
            if (renamed == -ENOENT || renamed == -EEXIST) {
                return false;
            }
            Kernel.check("rename ".concat(from), renamed);
            return true;
        } finally {
            descriptor.release();
        }
    }

    /** Removes a name of any kind but a directory; false when there is none. */
    public boolean remove(String name) throws LinuxException {
        int directory = descriptor.acquire("unlink");
        try (Struct struct = new Struct(NAME)) {
            put(struct, 0, NAME, name);
            long removed = Kernel.call(UNLINKAT, directory, struct.address, 0);
            if (removed == -ENOENT) {
                return false;
            }
            Kernel.check("unlink ".concat(name), removed);
            return true;
        } finally {
            descriptor.release();
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private static void put(Struct struct, int at, int room, String text) {
        if (text.length() >= room) {
            throw new IllegalArgumentException("too long: " + text);
        }
        for (int i = 0; i < text.length(); i++) {
            struct.bytes.put(at + i, (byte) text.charAt(i));
        }
        struct.bytes.put(at + text.length(), (byte) 0);
    }

    private static boolean isX86() {
        return "amd64".equals(System.getProperty("os.arch"));
    }
}
