package io.ringway.linux;

import java.nio.ByteBuffer;

/**
 * The native memory of one {@code sendmsg} or {@code recvmsg}: a message header, one vector, control data with
 * descriptors (SCM_RIGHTS), and the payload. The thread that made it.
 */
final class ControlMessage implements AutoCloseable {
    /** The most descriptors that the kernel carries in one message. */
    static final int MAX_DESCRIPTORS = 253;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 8;

    /** Sizes and places in {@code struct msghdr}, {@code struct iovec} and {@code struct cmsghdr} on 64-bit machines. */
    private static final int HEADER_BYTES = 56;

    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int VECTOR = HEADER_BYTES;
    private static final int VECTOR_BYTES = 16;
    private static final int CONTROL = VECTOR + VECTOR_BYTES;
    private static final int CONTROL_HEADER = 16;
    private static final int CONTROL_BYTES = CONTROL_HEADER + 1016;
    private static final int PAYLOAD = CONTROL + CONTROL_BYTES;

    private final Struct struct;
    private final int payloadBytes;

    ControlMessage(int payloadBytes) {
        this.payloadBytes = payloadBytes;
        struct = new Struct(PAYLOAD + payloadBytes);
        ByteBuffer b = struct.bytes;
        b.putLong(16, struct.address + VECTOR);
        b.putLong(24, 1);
    }

    long address() {
        return struct.address;
    }

    /** Sets what is to be sent: the bytes of {@code source} from {@code from} on, and the descriptors. */
    void prepareSend(ByteBuffer source, int from, int length, int[] descriptors) {
        ByteBuffer b = struct.bytes;
        b.put(PAYLOAD, source, from, length);
        setVector(length);
        if (descriptors.length == 0) {
            setControl(0);
            return;
        }
        b.putLong(CONTROL, CONTROL_HEADER + 4L * descriptors.length);
        b.putInt(CONTROL + 8, SOL_SOCKET);
        b.putInt(CONTROL + 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            b.putInt(CONTROL + CONTROL_HEADER + 4 * i, descriptors[i]);
        }
        setControl(CONTROL_HEADER + ((4 * descriptors.length + 7) & ~7));
    }

    void prepareReceive() {
        setVector(payloadBytes);
        setControl(CONTROL_BYTES);
        struct.bytes.putInt(FLAGS, 0);
    }

    void copyReceived(int length, ByteBuffer into) {
        into.put(into.position(), struct.bytes, PAYLOAD, length);
        into.position(into.position() + length);
    }

    /** Whether anything but bytes came, or was lost. */
    boolean hasControlData() {
        return struct.bytes.getLong(CONTROL_LENGTH) != 0 || isTruncated();
    }

    /** Whether descriptors were lost: more than fit, or more than this process may have. */
    boolean isTruncated() {
        return (struct.bytes.getInt(FLAGS) & MSG_CTRUNC) != 0;
    }

    /**
     * Reads the descriptors that came with a message.
     *
     * @param out room for {@link #MAX_DESCRIPTORS}
     * @return how many there are
     */
    int descriptors(int[] out) {
        ByteBuffer b = struct.bytes;
        int end = CONTROL + (int) Math.min(b.getLong(CONTROL_LENGTH), CONTROL_BYTES);
        int count = 0;
        int at = CONTROL;
        while (end - at >= CONTROL_HEADER) {
            long length = b.getLong(at);
            if (length < CONTROL_HEADER || length > end - at) {
                break;
            }
            if (b.getInt(at + 8) == SOL_SOCKET && b.getInt(at + 12) == SCM_RIGHTS) {
                for (int i = CONTROL_HEADER; i + 4 <= length && count < out.length; i += 4) {
                    out[count++] = b.getInt(at + i);
                }
            }
            at += (int) ((length + 7) & ~7L);
        }
        return count;
    }

    @Override
    public void close() {
        struct.close();
    }

    private void setVector(int length) {
        struct.bytes.putLong(VECTOR, struct.address + PAYLOAD);
        struct.bytes.putLong(VECTOR + 8, length);
    }

    private void setControl(int length) {
        struct.bytes.putLong(32, length == 0 ? 0 : struct.address + CONTROL);
        struct.bytes.putLong(CONTROL_LENGTH, length);
    }
}
