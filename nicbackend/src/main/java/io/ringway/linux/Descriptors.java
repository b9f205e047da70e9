package io.ringway.linux;

/** Calls on plain descriptor numbers. Any thread. */
public final class Descriptors {
    private Descriptors() {}

    /** Closes a descriptor that was received or made and that nothing else owns. Never fails. */
    public static void close(int descriptor) {
        // Not repeated after EINTR: Linux has freed the number by then.
        Kernel.call(SystemCall.CLOSE, descriptor);
    }

    /** Closes each of the first {@code count} of {@code descriptors}. Never fails. */
    public static void close(int[] descriptors, int count) {
        for (int i = 0; i < count; i++) {
            close(descriptors[i]);
        }
    }

    /** The size of the file, in bytes. */
    static long size(int descriptor) throws LinuxException {
        int end = 2;
        return Kernel.check("lseek", Kernel.call(SystemCall.LSEEK, descriptor, 0, end));
    }
}
