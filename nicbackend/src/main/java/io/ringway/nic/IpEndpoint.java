package io.ringway.nic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IP address and a port as plain numbers. IPv4 addresses are in their v4-mapped form, so that one shape serves both.
 *
 * @param high the first 8 bytes of the address, big-endian
 * @param low the last 8 bytes
 * @param port 0 to 65,535
 */
public record IpEndpoint(long high, long low, int port) {
    private static final long V4_MAPPED = 0xffffL << 32;

    public static IpEndpoint of(InetSocketAddress address) {
        return of(address.getAddress(), address.getPort());
    }

    public static IpEndpoint of(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new IpEndpoint(0, V4_MAPPED | (b.getInt() & 0xffff_ffffL), port)
                : new IpEndpoint(b.getLong(), b.getLong(), port);
    }

    public static IpEndpoint v4(int address, int port) {
        return new IpEndpoint(0, V4_MAPPED | (address & 0xffff_ffffL), port);
    }

    public boolean isV4() {
        return high == 0 && (low >>> 32) == 0xffff;
    }

    /** The IPv4 address as a number; only where {@link #isV4()}. */
    public int v4Address() {
        return (int) low;
    }

    /** 0.0.0.0 or ::. */
    public boolean isWildcard() {
        return high == 0 && (low == 0 || low == V4_MAPPED);
    }

    public IpEndpoint withPort(int newPort) {
        return new IpEndpoint(high, low, newPort);
    }

    public InetAddress address() {
        byte[] bytes = isV4()
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address(), port);
    }

    /** As records do it, without the code that is made for that at run time, in the first connect of a process. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpEndpoint e && high == e.high && low == e.low && port == e.port;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(high) + Long.hashCode(low)) + port;
    }

    @Override
    public String toString() {
        String host = address().getHostAddress();
        return isV4() ? host + ":" + port : "[" + host + "]:" + port;
    }
}
