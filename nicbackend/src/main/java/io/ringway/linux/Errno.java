package io.ringway.linux;

/** Error numbers, which are the same on all architectures that Ringway serves. */
final class Errno {
    static final int EINTR = 4;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ENAMETOOLONG = 36;
    static final int EPROTO = 71;
    static final int EMSGSIZE = 90;
    static final int ENETUNREACH = 101;
    static final int ETIMEDOUT = 110;
    static final int EHOSTUNREACH = 113;

    private static final String FIRST = "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM"
            + " EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY"
            + " EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP";

    private Errno() {}

    /** The symbolic name, or "errno" where it is a rare one. */
    static String name(int errno) {
        String[] names = FIRST.split(" ");
        if (errno > 0 && errno <= names.length) {
            return names[errno - 1];
        }
        return switch (errno) {
            case EPROTO -> "EPROTO";
            case 75 -> "EOVERFLOW";
            case 88 -> "ENOTSOCK";
            case EMSGSIZE -> "EMSGSIZE";
            case 91 -> "EPROTOTYPE";
            case 95 -> "EOPNOTSUPP";
            case 97 -> "EAFNOSUPPORT";
            case 98 -> "EADDRINUSE";
            case 99 -> "EADDRNOTAVAIL";
            case 100 -> "ENETDOWN";
            case ENETUNREACH -> "ENETUNREACH";
            case 103 -> "ECONNABORTED";
            case 104 -> "ECONNRESET";
            case 105 -> "ENOBUFS";
            case 106 -> "EISCONN";
            case 107 -> "ENOTCONN";
            case 109 -> "ETOOMANYREFS";
            case ETIMEDOUT -> "ETIMEDOUT";
            case 111 -> "ECONNREFUSED";
            case EHOSTUNREACH -> "EHOSTUNREACH";
            default -> "errno";
        };
    }
}
