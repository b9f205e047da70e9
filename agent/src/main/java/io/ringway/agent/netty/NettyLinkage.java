package io.ringway.agent.netty;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Links the calls that {@link NettyRewriter} has put into Netty's classes: to the bridge, or, where that can't be loaded,
 * to what stood there before. Whoever makes such a call first.
 */
public final class NettyLinkage {
    private static final String BUFFERS = "FrameByteBuf";
    private static final String WRITES = "OutboundWrites";

    private NettyLinkage() {}

    /** An allocation: null has Netty allocate. Never fails. */
    public static CallSite allocation(Lookup caller, String name, MethodType type) {
        MethodHandle bridge = bridge(caller, BUFFERS, name, type);
        MethodHandle none = MethodHandles.empty(type);
        return new ConstantCallSite(bridge == null ? none : bridge);
    }

    /**
     * A write to a channel, with one argument more, the outbound buffer. Never fails.
     *
     * @throws ReflectiveOperationException when the JDK has no such method
     */
    public static CallSite write(Lookup caller, String name, MethodType type) throws ReflectiveOperationException {
        MethodHandle bridge = bridge(caller, WRITES, name, type);
        if (bridge != null) {
            return new ConstantCallSite(bridge);
        }
        int last = type.parameterCount() - 1;
        MethodType plain = type.dropParameterTypes(last, last + 1).dropParameterTypes(0, 1);
        MethodHandle write = MethodHandles.publicLookup().findVirtual(SocketChannel.class, name, plain);
        return new ConstantCallSite(MethodHandles.dropArguments(write, last, type.parameterType(last)));
    }

    /**
     * An allocation for what is to be received. Never fails.
     *
     * @throws ReflectiveOperationException when Netty has no such method
     */
    public static CallSite receiving(Lookup caller, String name, MethodType type) throws ReflectiveOperationException {
        MethodHandle bridge = bridge(caller, BUFFERS, name, type);
        return new ConstantCallSite(
                bridge == null
                        ? caller.findVirtual(type.parameterType(0), "ioBuffer", type.dropParameterTypes(0, 1))
                        : bridge);
    }

    private static @Nullable MethodHandle bridge(Lookup caller, String owner, String name, MethodType type) {
        try {
            ClassLoader netty = caller.lookupClass().getClassLoader();
            Class<?> bridge = BridgeLoader.of(netty).bridge(owner);
            return MethodHandles.publicLookup().findStatic(bridge, name, type);
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            System.err.println("ringway: Netty's buffers are copied: " + e);
            return null;
        }
    }
}
