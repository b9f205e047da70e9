package io.ringway.linux;

/** System call numbers of the architecture that this machine has. */
final class SystemCall {
    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));

    static final int READ = X86 ? 0 : 63;
    static final int WRITE = X86 ? 1 : 64;
    static final int CLOSE = X86 ? 3 : 57;
    static final int LSEEK = X86 ? 8 : 62;
    static final int MMAP = X86 ? 9 : 222;
    static final int MPROTECT = X86 ? 10 : 226;
    static final int MUNMAP = X86 ? 11 : 215;
    static final int GETPID = X86 ? 39 : 172;
    static final int SOCKET = X86 ? 41 : 198;
    static final int CONNECT = X86 ? 42 : 203;
    static final int SENDTO = X86 ? 44 : 206;
    static final int RECVFROM = X86 ? 45 : 207;
    static final int SENDMSG = X86 ? 46 : 211;
    static final int RECVMSG = X86 ? 47 : 212;
    static final int BIND = X86 ? 49 : 200;
    static final int LISTEN = X86 ? 50 : 201;
    static final int SETSOCKOPT = X86 ? 54 : 208;
    static final int GETSOCKOPT = X86 ? 55 : 209;
    static final int FCNTL = X86 ? 72 : 25;
    static final int FTRUNCATE = X86 ? 77 : 46;
    static final int FCHMOD = X86 ? 91 : 52;
    static final int GETEUID = X86 ? 107 : 175;
    static final int SCHED_SETAFFINITY = X86 ? 203 : 122;
    static final int SCHED_GETAFFINITY = X86 ? 204 : 123;
    static final int FSTATFS = X86 ? 138 : 44;
    static final int OPENAT = X86 ? 257 : 56;
    static final int PPOLL = X86 ? 271 : 73;
    static final int FALLOCATE = X86 ? 285 : 47;
    static final int ACCEPT4 = X86 ? 288 : 242;
    static final int EVENTFD2 = X86 ? 290 : 19;
    static final int GETCPU = X86 ? 309 : 168;
    static final int MEMFD_CREATE = X86 ? 319 : 279;

    private SystemCall() {}
}
