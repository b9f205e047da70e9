package io.ringway.compat.transfer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** {@code io.ringway.RegisteredBuffers} of the installed jar, which no test is compiled with. */
final class Registration {
    private final Object buffers;
    private final Method allocate;
    private final Method write;
    private final Method receive;
    private final Class<?> bufferType;

    Registration(SocketChannel channel) throws Exception {
        Class<?> type = Class.forName("io.ringway.RegisteredBuffers");
        bufferType = Class.forName("io.ringway.RegisteredBuffer");
        buffers = type.getMethod("of", SelectableChannel.class).invoke(null, channel);
        allocate = type.getMethod("allocate", int.class);
        write = type.getMethod("write", GatheringByteChannel.class, bufferType.arrayType());
        receive = type.getMethod("receive", ReadableByteChannel.class);
    }

    Object allocate(int size) throws Exception {
        return call(allocate, buffers, size);
    }

    ByteBuffer bytes(Object buffer) throws Exception {
        return (ByteBuffer) call(bufferType.getMethod("buffer"), buffer);
    }

    boolean is(Object buffer, String question) throws Exception {
        return (boolean) call(bufferType.getMethod(question), buffer);
    }

    void release(Object buffer) throws Exception {
        call(bufferType.getMethod("release"), buffer);
    }

    long write(SocketChannel channel, Object buffer) throws Exception {
        Object array = java.lang.reflect.Array.newInstance(bufferType, 1);
        java.lang.reflect.Array.set(array, 0, buffer);
        return (long) call(write, buffers, channel, array);
    }

    @Nullable
    Object receive(SocketChannel channel) throws Exception {
        return call(receive, buffers, channel);
    }

    private static Object call(Method method, Object target, Object... arguments) throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
