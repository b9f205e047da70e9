package io.ringway.linux;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Memory in a sealed, unnamed file: written by the process that created it, read by those that it passes
 * {@link #readOnlyDescriptor()} to. The size never changes, so that no reader can be hurt by a shrunk file. Any thread.
 */
public final class SharedMemory implements AutoCloseable {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;

    /** F_SEAL_SEAL, F_SEAL_SHRINK and F_SEAL_GROW. */
    private static final int SIZE_SEALS = 1 | 2 | 4;

    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 02000000;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final long TMPFS_MAGIC = 0x01021994;
    private static final int STATFS_BYTES = 128;

    private final MemorySegment segment;
    private final int descriptor;
    private final int readOnlyDescriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SharedMemory(MemorySegment segment, int descriptor, int readOnlyDescriptor) {
        this.segment = segment;
        this.descriptor = descriptor;
        this.readOnlyDescriptor = readOnlyDescriptor;
    }

    /**
     * New memory, zero everywhere. Pages are taken from the system as they are touched: see {@link #reserve}.
     *
     * @param name for listings such as {@code /proc/<pid>/maps}; ASCII, at most 200 characters
     * @param size in bytes, a positive multiple of the page size
     * @throws LinuxException when the system refuses, with everything given back
     */
    public static SharedMemory create(String name, long size) throws LinuxException {
        if (!isValidSize(size)) {
            throw new IllegalArgumentException("size ".concat(Long.toString(size)));
        }
        int descriptor = createFile(name);
        int readOnly = -1;
        try {
            Kernel.check("ftruncate", Kernel.call(SystemCall.FTRUNCATE, descriptor, size));
            // Readers can't open it for writing either, by way of /proc.
            Kernel.check("fchmod", Kernel.call(SystemCall.FCHMOD, descriptor, 0400));
            Kernel.check("fcntl F_ADD_SEALS", Kernel.call(SystemCall.FCNTL, descriptor, F_ADD_SEALS, SIZE_SEALS));
            readOnly = reopenReadOnly(descriptor);
            return new SharedMemory(map(descriptor, size, PROT_READ | PROT_WRITE), descriptor, readOnly);
        } catch (LinuxException e) {
            if (readOnly >= 0) {
                Descriptors.close(readOnly);
            }
            Descriptors.close(descriptor);
            throw e;
        }
    }

    /**
     * Maps another process's memory for reading, after checking that its size can't change.
     *
     * @param descriptor what the other process passed; closed by this call, whatever comes of it
     * @param maxSize the largest size to accept, in bytes
     * @throws LinuxException EPROTO when it isn't sealed memory of a size from one page to {@code maxSize}
     */
    public static SharedMemory attach(int descriptor, long maxSize) throws LinuxException {
        try {
            // Files of other types may fail under the reader's hands although they are sealed.
            checkType(descriptor);
            long seals = Kernel.call(SystemCall.FCNTL, descriptor, F_GET_SEALS);
            if (seals < 0 || (seals & SIZE_SEALS) != SIZE_SEALS) {
                throw new LinuxException("shared memory without its seals", Errno.EPROTO);
            }
            long size = Descriptors.size(descriptor);
            if (!isValidSize(size) || size > maxSize) {
                throw new LinuxException("shared memory of " + size + " bytes", Errno.EPROTO);
            }
            return new SharedMemory(map(descriptor, size, PROT_READ).asReadOnly(), -1, -1);
        } finally {
            Descriptors.close(descriptor);
        }
    }

    /**
     * Maps this memory a second time, for reading. Only where the memory was created.
     *
     * @throws LinuxException when the system refuses
     */
    public SharedMemory mirror() throws LinuxException {
        return attach(reopenReadOnly(descriptor), size());
    }

    /**
     * The memory. It belongs to no arena: access is unchecked against {@link #close()}, which must not come before the
     * last access. Read-only where it was attached.
     */
    public MemorySegment segment() {
        return segment;
    }

    /** Bytes. */
    public long size() {
        return segment.byteSize();
    }

    /**
     * What to pass to readers: a descriptor that can't be mapped for writing. Owned by this object, valid until
     * {@link #close()}.
     *
     * @throws IllegalStateException when this memory was attached
     */
    public int readOnlyDescriptor() {
        if (readOnlyDescriptor < 0) {
            throw new IllegalStateException("attached memory is not passed on");
        }
        return readOnlyDescriptor;
    }

    /**
     * Takes the pages of a range from the system now, so that touching them later can't fail. Content stays. Only
     * where the memory was created.
     *
     * @param offset in bytes
     * @param length in bytes
     * @throws LinuxException ENOSPC or ENOMEM when the system has no such amount
     */
    public void reserve(long offset, long length) throws LinuxException {
        allocate(KEEP_SIZE, offset, length);
    }

    /**
     * Gives the whole pages of a range back to the system; the range reads as zero afterwards. Only where the memory
     * was created.
     *
     * @param offset in bytes
     * @param length in bytes
     */
    public void discard(long offset, long length) throws LinuxException {
        allocate(KEEP_SIZE | PUNCH_HOLE, offset, length);
    }

    /** Unmaps the memory: the caller has made sure that nothing can touch {@link #segment()} any more. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Kernel.call(SystemCall.MUNMAP, segment.address(), segment.byteSize());
        if (descriptor >= 0) {
            Descriptors.close(descriptor);
            Descriptors.close(readOnlyDescriptor);
        }
    }

    private void allocate(int mode, long offset, long length) throws LinuxException {
        if (descriptor < 0) {
            throw new IllegalStateException("attached memory belongs to its creator");
        }
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException("offset " + offset + ", length " + length + ", size " + size());
        }
        if (length == 0) {
            return;
        }
        long result;
        do {
            result = Kernel.call(SystemCall.FALLOCATE, descriptor, mode, offset, length);
        } while (result == -Errno.EINTR);
        Kernel.check("fallocate", result);
    }

    private static int createFile(String name) throws LinuxException {
        try (Struct text = Struct.text(name.getBytes(StandardCharsets.US_ASCII))) {
            long descriptor = Kernel.call(
                    SystemCall.MEMFD_CREATE, text.address, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
            if (descriptor == -Errno.EINVAL) {
                // Kernels before 6.3 don't know that flag.
                descriptor = Kernel.call(SystemCall.MEMFD_CREATE, text.address, MFD_CLOEXEC | MFD_ALLOW_SEALING);
            }
            return (int) Kernel.check("memfd_create", descriptor);
        }
    }

    private static int reopenReadOnly(int descriptor) throws LinuxException {
        byte[] path = "/proc/self/fd/".concat(Integer.toString(descriptor)).getBytes(StandardCharsets.US_ASCII);
        try (Struct text = Struct.text(path)) {
            return (int) Kernel.check("open", Kernel.call(SystemCall.OPENAT, AT_FDCWD, text.address, O_CLOEXEC));
        }
    }

    private static MemorySegment map(int descriptor, long size, int protection) throws LinuxException {
        int flags = MAP_SHARED | MAP_NORESERVE;
        long address = Kernel.check("mmap", Kernel.call(SystemCall.MMAP, 0, size, protection, flags, descriptor, 0));
        return MemorySegment.ofAddress(address).reinterpret(size);
    }

    private static boolean isValidSize(long size) {
        return size > 0 && size % Platform.pageSize() == 0;
    }

    private static void checkType(int descriptor) throws LinuxException {
        try (Struct status = new Struct(STATFS_BYTES)) {
            Kernel.check("fstatfs", Kernel.call(SystemCall.FSTATFS, descriptor, status.address));
            if (status.bytes.getLong(0) != TMPFS_MAGIC) {
                throw new LinuxException("shared memory of a foreign type", Errno.EPROTO);
            }
        }
    }
}
