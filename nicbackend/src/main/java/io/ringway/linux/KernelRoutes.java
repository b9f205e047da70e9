package io.ringway.linux;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel which way it would send to an address: the same look-up that {@code connect} makes. Sends nothing to
 * anyone. Any thread; look-ups take turns on one netlink socket.
 */
public final class KernelRoutes implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_GETROUTE = 26;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLMSG_ERROR = 2;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_PREFSRC = 7;
    private static final int RTN_LOCAL = 2;

    /** {@code struct nlmsghdr} and {@code struct rtmsg}. */
    private static final int HEADER = 16;

    private static final int ROUTE = HEADER + 12;
    private static final int ROUTE_TYPE = HEADER + 7;

    private static final int ANSWER_BYTES = 8192;
    private static final int NETLINK_ADDRESS = ANSWER_BYTES;
    private static final int STRAY_ANSWERS = 64;
    private static final Lookup UNREACHABLE = new Lookup(false, null, 0);

    private final Descriptor descriptor;
    private int sequence;

    private KernelRoutes(int descriptor) {
        this.descriptor = new Descriptor(descriptor);
    }

    /**
     * What the kernel answered.
     *
     * @param local whether the address is one of this host's own (in this network namespace)
     * @param preferredSource the address that an unbound socket would send from, 4 or 16 bytes; null where the kernel
     *     names none
     * @param interfaceIndex the interface that it would leave by; 0 where there is no route
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Lookup(boolean local, byte @Nullable [] preferredSource, int interfaceIndex) {}

    /** Opens the netlink socket, in the calling thread's network namespace. */
    public static KernelRoutes open() throws LinuxException {
        long made = Kernel.call(SystemCall.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
        KernelRoutes routes = new KernelRoutes((int) Kernel.check("socket AF_NETLINK", made));
        try (Struct second = new Struct(16)) {
            second.bytes.putLong(0, 1);
            int number = routes.descriptor.number();
            long set = Kernel.call(SystemCall.SETSOCKOPT, number, SOL_SOCKET, SO_RCVTIMEO, second.address, 16, 0);
            Kernel.check("setsockopt SO_RCVTIMEO", set);
            return routes;
        } catch (LinuxException e) {
            routes.close();
            throw e;
        }
    }

    /**
     * Looks up an address.
     *
     * @param destination 4 or 16 bytes, big-endian; an IPv4 address in its v4-mapped form is looked up as IPv4, and a
     *     wildcard address as loopback, as {@code connect} takes them
     * @return where it leads; not local and interface 0 when there is no route
     * @throws LinuxException when the kernel refuses or gives no answer
     */
    public synchronized Lookup lookup(byte[] destination) throws LinuxException {
        byte[] address = normalize(destination);
        if (address.length != 4 && address.length != 16) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes");
        }
        int number = descriptor.acquire("netlink");
        try (Struct struct = new Struct(ANSWER_BYTES + 16)) {
            sequence++;
            int length = writeRequest(struct.bytes, address);
            send(number, struct, length);
            for (int i = 0; i < STRAY_ANSWERS; i++) {
                int received = receive(number, struct);
                Lookup found = parse(struct.bytes, received, sequence, address.length);
                if (found != null) {
                    return found;
                }
            }
            throw new LinuxException("netlink: no answer", Errno.EPROTO);
        } finally {
            descriptor.release();
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    /** The IPv4 address in a v4-mapped one, and the loopback address, where connections to {@code ::} go, for that. */
    private static byte[] normalize(byte[] address) {
        if (address.length != 16 || !isZero(address, 10)) {
            return address;
        }
        if (address[10] == -1 && address[11] == -1) {
            return Arrays.copyOfRange(address, 12, 16);
        }
        if (isZero(address, 16)) {
            byte[] loopback = new byte[16];
            loopback[15] = 1;
            return loopback;
        }
        return address;
    }

    private static boolean isZero(byte[] address, int length) {
        for (int i = 0; i < length; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private int writeRequest(ByteBuffer b, byte[] address) {
        int length = ROUTE + 4 + address.length;
        b.putInt(0, length);
        b.putShort(4, (short) RTM_GETROUTE);
        b.putShort(6, (short) NLM_F_REQUEST);
        b.putInt(8, sequence);
        b.putInt(12, 0);
        b.put(HEADER, (byte) (address.length == 4 ? AF_INET : AF_INET6));
        b.put(HEADER + 1, (byte) (address.length * 8));
        b.putShort(ROUTE, (short) (4 + address.length));
        b.putShort(ROUTE + 2, (short) RTA_DST);
        b.put(ROUTE + 4, address);
        return length;
    }

    private static void send(int number, Struct struct, int length) throws LinuxException {
        long sent;
        do {
            sent = Kernel.call(SystemCall.SENDTO, number, struct.address, length, 0, 0, 0);
        } while (sent == -Errno.EINTR);
        Kernel.check("netlink send", sent);
    }

    /** The number of bytes of a datagram from the kernel, or 0 for one from elsewhere. */
    private static int receive(int number, Struct struct) throws LinuxException {
        long received;
        long from = struct.address + NETLINK_ADDRESS;
        do {
            struct.bytes.putInt(NETLINK_ADDRESS + 12, 12);
            received = Kernel.call(SystemCall.RECVFROM, number, struct.address, ANSWER_BYTES, 0, from, from + 12);
        } while (received == -Errno.EINTR);
        Kernel.check("netlink receive", received);
        // struct sockaddr_nl: the sender's port id, 0 for the kernel.
        return struct.bytes.getInt(NETLINK_ADDRESS + 4) == 0 ? (int) received : 0;
    }

    /** The answer to request {@code sequence}, or null when the datagram doesn't hold it. */
    static @Nullable Lookup parse(ByteBuffer b, int received, int sequence, int addressLength) throws LinuxException {
        int at = 0;
        while (received - at >= HEADER) {
            int length = b.getInt(at);
            if (length < HEADER || length > received - at) {
                return null;
            }
            if (b.getInt(at + 8) == sequence) {
                int type = b.getShort(at + 4);
                if (type == NLMSG_ERROR && length >= HEADER + 4) {
                    return refused(-b.getInt(at + HEADER));
                }
                if (type == RTM_NEWROUTE && length >= ROUTE) {
                    return route(b, at, at + length, addressLength);
                }
            }
            at += (length + 3) & ~3;
        }
        return null;
    }

    private static Lookup refused(int errno) throws LinuxException {
        if (errno == Errno.ENETUNREACH || errno == Errno.EHOSTUNREACH) {
            return UNREACHABLE;
        }
        throw new LinuxException("netlink RTM_GETROUTE", errno);
    }

    private static Lookup route(ByteBuffer b, int start, int end, int addressLength) {
        boolean local = b.get(start + ROUTE_TYPE) == RTN_LOCAL;
        byte[] source = null;
        int interfaceIndex = 0;
        int at = start + ROUTE;
        while (end - at >= 4) {
            int length = b.getShort(at) & 0xffff;
            if (length < 4 || length > end - at) {
                break;
            }
            int type = b.getShort(at + 2) & 0x3fff;
            if (type == RTA_PREFSRC && length == 4 + addressLength) {
                source = new byte[addressLength];
                b.get(at + 4, source);
            } else if (type == RTA_OIF && length == 8) {
                interfaceIndex = b.getInt(at + 4);
            }
            at += (length + 3) & ~3;
        }
        return new Lookup(local, source, interfaceIndex);
    }
}
