package io.ringway.linux;

import java.io.IOException;

/** A system call that failed, or an answer of the kernel or of a peer that can't be used; the message names both. */
public final class LinuxException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final int errno;

    /**
     * @param operation the system call, or a few words on what was tried
     * @param errno the kernel's error number, positive
     */
    public LinuxException(String operation, int errno) {
        super(operation + ": " + Errno.name(errno) + " (" + errno + ")");
        this.operation = operation;
        this.errno = errno;
    }

    /** What was tried: a system call, or a few words. */
    public String operation() {
        return operation;
    }

    /** The kernel's error number, positive. */
    public int errno() {
        return errno;
    }

    /** Whether this process, or the system, has no file descriptor left at the moment. */
    public boolean isOutOfDescriptors() {
        return errno == Errno.EMFILE || errno == Errno.ENFILE;
    }
}
