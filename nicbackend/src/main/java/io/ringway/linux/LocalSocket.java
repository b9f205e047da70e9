package io.ringway.linux;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket between processes of one host that carries descriptors beside bytes. Always non-blocking; any
 * thread, but one sender and one receiver at a time. After {@link #close()} every call fails with EBADF.
 */
public final class LocalSocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int NONBLOCK_CLOEXEC = 04000 | 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int ECONNABORTED = 103;

    /** The longest piece of one system call, in bytes. */
    private static final int PIECE = 16 << 10;

    /** How long {@link #send} waits for a receiver that doesn't take anything. */
    private static final int SEND_WAIT_MILLIS = 2_000;

    private static final int[] NO_DESCRIPTORS = {};

    private final Descriptor descriptor;

    private LocalSocket(int descriptor) {
        this.descriptor = new Descriptor(descriptor);
    }

    /**
     * A socket that accepts connections at {@code path}, where nothing may exist. Closing it leaves the path.
     *
     * @param path any length; the file's permissions follow the process's umask
     * @param backlog connections that wait for {@link #accept()} before connecting has to wait
     */
    public static LocalSocket listen(Path path, int backlog) throws LinuxException {
        LocalSocket socket = create();
        try (SocketAddress address = new SocketAddress(path)) {
            int number = socket.descriptor();
            long bound = Kernel.call(SystemCall.BIND, number, address.struct.address, address.length);
            Kernel.check("bind ".concat(path.toString()), bound);
            Kernel.check("listen", Kernel.call(SystemCall.LISTEN, number, backlog));
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Connects to a socket made by {@link #listen}.
     *
     * @param timeoutMillis how long to wait for a place in a full backlog
     * @throws LinuxException ECONNREFUSED when nobody listens there any more, ENOENT when nothing is there, ETIMEDOUT
     */
    public static LocalSocket connect(Path path, int timeoutMillis) throws LinuxException {
        LocalSocket socket = create();
        try (SocketAddress address = new SocketAddress(path)) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            String operation = "connect ".concat(path.toString());
            int number = socket.descriptor();
            while (true) {
                long result = Kernel.call(SystemCall.CONNECT, number, address.struct.address, address.length);
                if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
                    Kernel.check(operation, result);
                    return socket;
                }
                if (System.nanoTime() - end >= 0) {
                    throw new LinuxException(operation, Errno.ETIMEDOUT);
                }
                pause();
            }
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /** The next connection, or null when none waits. Only on a listening socket. */
    public @Nullable LocalSocket accept() throws LinuxException {
        int number = descriptor.acquire("accept");
        try {
            long accepted;
            do {
                accepted = Kernel.call(SystemCall.ACCEPT4, number, 0, 0, NONBLOCK_CLOEXEC);
            } while (accepted == -Errno.EINTR || accepted == -ECONNABORTED);
            if (accepted == -Errno.EAGAIN) {
                return null;
            }
            return new LocalSocket((int) Kernel.check("accept", accepted));
        } finally {
            descriptor.release();
        }
    }

    /** Who made the other end of this connection. */
    public Credentials peerCredentials() throws LinuxException {
        int number = descriptor.acquire("getsockopt SO_PEERCRED");
        try (Struct struct = new Struct(16)) {
            struct.bytes.putInt(12, 12);
            long result = Kernel.call(
                    SystemCall.GETSOCKOPT, number, SOL_SOCKET, SO_PEERCRED, struct.address, struct.address + 12, 0);
            Kernel.check("getsockopt SO_PEERCRED", result);
            return new Credentials(struct.bytes.getInt(0), struct.bytes.getInt(4), struct.bytes.getInt(8));
        } finally {
            descriptor.release();
        }
    }

    /**
     * Sends all remaining bytes of {@code message}, at least one, and the descriptors, which arrive with its first
     * byte and stay open here. Waits while the receiver's buffer is full, two seconds without progress at most.
     *
     * @throws LinuxException EPIPE or ECONNRESET when the other end is gone, ETIMEDOUT when it takes nothing; a part
     *     may have been sent then, and the connection is to be closed
     */
    public void send(ByteBuffer message, int... descriptors) throws LinuxException {
        if (!message.hasRemaining() || descriptors.length > ControlMessage.MAX_DESCRIPTORS) {
            throw new IllegalArgumentException("nothing to send, or too many descriptors");
        }
        int number = descriptor.acquire("sendmsg");
        int[] pending = descriptors;
        try (ControlMessage control = new ControlMessage(Math.min(message.remaining(), PIECE))) {
            while (message.hasRemaining()) {
                control.prepareSend(message, message.position(), Math.min(message.remaining(), PIECE), pending);
                long sent = sendPiece(number, control);
                message.position(message.position() + (int) sent);
                pending = NO_DESCRIPTORS;
            }
        } finally {
            descriptor.release();
        }
    }

    /**
     * Receives what is there, without waiting.
     *
     * @param into room for at least one byte
     * @param sink takes every descriptor that came with these bytes; {@link DescriptorSink#LOST}, once, if this process
     *     may not have so many more (those that came are closed)
     * @return bytes received; 0 when nothing is there; -1 when the other end was closed and everything was received
     * @throws LinuxException ECONNRESET when the other end was closed with bytes unread
     */
    public int receive(ByteBuffer into, DescriptorSink sink) throws LinuxException {
        if (!into.hasRemaining()) {
            throw new IllegalArgumentException("no room to receive into");
        }
        int number = descriptor.acquire("recvmsg");
        try (ControlMessage control = new ControlMessage(Math.min(into.remaining(), PIECE))) {
            control.prepareReceive();
            long received;
            do {
                received = Kernel.call(SystemCall.RECVMSG, number, control.address(), MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
            } while (received == -Errno.EINTR);
            if (received == -Errno.EAGAIN) {
                return 0;
            }
            Kernel.check("recvmsg", received);
            deliver(control, sink);
            control.copyReceived((int) received, into);
            return received == 0 ? -1 : (int) received;
        } finally {
            descriptor.release();
        }
    }

    /** The number, to be waited for; valid until {@link #close()}. */
    public int descriptor() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private static LocalSocket create() throws LinuxException {
        long made = Kernel.call(SystemCall.SOCKET, AF_UNIX, SOCK_STREAM | NONBLOCK_CLOEXEC, 0);
        return new LocalSocket((int) Kernel.check("socket AF_UNIX", made));
    }

    private static long sendPiece(int number, ControlMessage control) throws LinuxException {
        Poller writable = null;
        while (true) {
            long sent = Kernel.call(SystemCall.SENDMSG, number, control.address(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent >= 0) {
                return sent;
            }
            if (sent == -Errno.EAGAIN) {
                writable = writable == null ? Poller.forWriting() : writable;
                if (writable.poll(new int[] {number}, 1, SEND_WAIT_MILLIS, new boolean[1]) == 0) {
                    throw new LinuxException("sendmsg", Errno.ETIMEDOUT);
                }
            } else if (sent != -Errno.EINTR) {
                throw new LinuxException("sendmsg", (int) -sent);
            }
        }
    }

    private static void deliver(ControlMessage control, DescriptorSink sink) {
        if (!control.hasControlData()) {
            return;
        }
        int[] received = new int[ControlMessage.MAX_DESCRIPTORS];
        int count = control.descriptors(received);
        if (control.isTruncated()) {
            Descriptors.close(received, count);
            sink.accept(DescriptorSink.LOST);
            return;
        }
        int next = 0;
        try {
            while (next < count) {
                sink.accept(received[next++]);
            }
        } finally {
            while (next < count) {
                Descriptors.close(received[next++]);
            }
        }
    }

    private static void pause() throws LinuxException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinuxException("connect", Errno.EINTR);
        }
    }
}
