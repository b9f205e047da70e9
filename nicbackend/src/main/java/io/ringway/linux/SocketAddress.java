package io.ringway.linux;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@code sockaddr_un}. A path that doesn't fit is reached through a descriptor of its directory, held until close. */
final class SocketAddress implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int MAX_PATH = 107;
    private static final int AT_FDCWD = -100;
    private static final int O_PATH_CLOEXEC = 010000000 | 02000000;

    final Struct struct;
    final int length;
    private int directory = -1;

    SocketAddress(Path path) throws LinuxException {
        byte[] name = bytes(path.toString());
        if (name.length > MAX_PATH) {
            name = throughDirectory(path.toAbsolutePath());
        }
        struct = new Struct(2 + MAX_PATH + 1);
        struct.bytes.putShort(0, (short) AF_UNIX);
        struct.bytes.put(2, name);
        length = 2 + name.length + 1;
    }

    @Override
    public void close() {
        struct.close();
        if (directory >= 0) {
            Descriptors.close(directory);
        }
    }

    private byte[] throughDirectory(Path path) throws LinuxException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new LinuxException("socket path", Errno.ENAMETOOLONG);
        }
        try (Struct text = Struct.text(bytes(parent.toString()))) {
            long opened = Kernel.call(SystemCall.OPENAT, AT_FDCWD, text.address, O_PATH_CLOEXEC);
            directory = (int) Kernel.check("open ".concat(parent.toString()), opened);
        }
        String shorter = "/proc/self/fd/".concat(Integer.toString(directory));
        byte[] name = bytes(shorter.concat("/").concat(path.getFileName().toString()));
        if (name.length > MAX_PATH) {
            Descriptors.close(directory);
            throw new LinuxException("socket path", Errno.ENAMETOOLONG);
        }
        return name;
    }

    private static byte[] bytes(String path) {
        String encoding = System.getProperty("sun.jnu.encoding");
        return path.getBytes(encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding));
    }
}
