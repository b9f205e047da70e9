package io.ringway.agent.netty;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.ProtectionDomain;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the places of Netty 4.2 that matter: where its pooling allocators make a direct buffer, where one is made to
 * be read into, and where NioSocketChannel writes. The calls put there are linked by {@link NettyLinkage}. A class that
 * doesn't look as expected, or whose loader doesn't see Ringway, stays as it is.
 */
final class NettyRewriter implements ClassFileTransformer {
    private static final String CHANNEL = "io/netty/channel/socket/nio/NioSocketChannel";
    private static final String RECEIVER = "io/netty/channel/DefaultMaxMessagesRecvByteBufAllocator$MaxMessageHandle";
    private static final Set<String> ALLOCATORS =
            Set.of("io/netty/buffer/AdaptiveByteBufAllocator", "io/netty/buffer/PooledByteBufAllocator");

    private static final ClassDesc BUFFER = ClassDesc.of("io.netty.buffer.ByteBuf");
    private static final ClassDesc ALLOCATOR = ClassDesc.of("io.netty.buffer.ByteBufAllocator");
    private static final ClassDesc MESSAGES = ClassDesc.of("io.netty.channel.ChannelOutboundBuffer");
    private static final ClassDesc SOCKET_CHANNEL =
            SocketChannel.class.describeConstable().orElseThrow();
    private static final ClassDesc NIO_BUFFER =
            ByteBuffer.class.describeConstable().orElseThrow();
    private static final ClassDesc LINKAGE = ClassDesc.of(NettyLinkage.class.getName());

    private static final MethodTypeDesc NEW_BUFFER =
            MethodTypeDesc.of(BUFFER, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final MethodTypeDesc RECEIVE = MethodTypeDesc.of(BUFFER, ConstantDescs.CD_int);
    private static final MethodTypeDesc DO_WRITE = MethodTypeDesc.of(ConstantDescs.CD_void, MESSAGES);
    private static final MethodTypeDesc WRITE = MethodTypeDesc.of(ConstantDescs.CD_int, NIO_BUFFER);
    private static final MethodTypeDesc GATHERING_WRITE = MethodTypeDesc.of(
            ConstantDescs.CD_long, NIO_BUFFER.arrayType(), ConstantDescs.CD_int, ConstantDescs.CD_int);

    /** Any exception in here leaves the class unchanged. */
    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (loader == null || name == null || !isTarget(name) || !seesRingway(loader)) {
            return null;
        }
        ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
        ClassModel original = classFile.parse(bytes);
        ClassTransform transform = transformOf(name, original);
        if (transform == null) {
            return null;
        }
        byte[] changed = classFile.transformClass(original, transform);
        return classFile.verify(changed).isEmpty() ? changed : null;
    }

    private static boolean isTarget(String name) {
        return CHANNEL.equals(name) || RECEIVER.equals(name) || ALLOCATORS.contains(name);
    }

    /** What is to be changed in a class, or null if it isn't as expected. */
    private static @Nullable ClassTransform transformOf(String name, ClassModel model) {
        if (CHANNEL.equals(name)) {
            return isExpectedChannel(model) ? inMethod("doWrite", DO_WRITE, NettyRewriter::write) : null;
        }
        if (RECEIVER.equals(name)) {
            return inMethod("allocate", MethodTypeDesc.of(BUFFER, ALLOCATOR), NettyRewriter::receive);
        }
        boolean allocates = model.methods().stream().anyMatch(m -> isMethod(m, "newDirectBuffer", NEW_BUFFER));
        Allocation first = new Allocation(ClassDesc.ofInternalName(name));
        return allocates ? inMethod("newDirectBuffer", NEW_BUFFER, first) : null;
    }

    private static boolean seesRingway(ClassLoader loader) {
        try {
            return Class.forName(NettyLinkage.class.getName(), false, loader) == NettyLinkage.class;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static boolean isMethod(MethodModel method, String name, MethodTypeDesc type) {
        return method.methodName().equalsString(name)
                && method.methodTypeSymbol().equals(type);
    }

    /** One write of each kind, and the argument stays where it is. */
    private static boolean isExpectedChannel(ClassModel model) {
        return model.methods().stream()
                .filter(m -> isMethod(m, "doWrite", DO_WRITE))
                .flatMap(m -> m.code().stream())
                .anyMatch(code -> count(code, WRITE) == 1
                        && count(code, GATHERING_WRITE) == 1
                        && code.elementStream().noneMatch(e -> e instanceof StoreInstruction s && s.slot() == 1));
    }

    private static long count(CodeModel code, MethodTypeDesc type) {
        return code.elementStream().filter(e -> isWrite(e, type)).count();
    }

    private static boolean isWrite(CodeElement element, MethodTypeDesc type) {
        return element instanceof InvokeInstruction call
                && call.owner().asSymbol().equals(SOCKET_CHANNEL)
                && call.name().equalsString("write")
                && call.typeSymbol().equals(type);
    }

    private static ClassTransform inMethod(String name, MethodTypeDesc type, CodeTransform transform) {
        return ClassTransform.transformingMethodBodies(m -> isMethod(m, name, type), transform);
    }

    private static void write(CodeBuilder code, CodeElement element) {
        boolean gathering = isWrite(element, GATHERING_WRITE);
        if (gathering || isWrite(element, WRITE)) {
            MethodTypeDesc plain = gathering ? GATHERING_WRITE : WRITE;
            MethodTypeDesc type = plain.insertParameterTypes(0, SOCKET_CHANNEL)
                    .insertParameterTypes(1 + plain.parameterCount(), MESSAGES);
            code.aload(1).invokedynamic(call("write", "write", type));
        } else {
            code.with(element);
        }
    }

    private static void receive(CodeBuilder code, CodeElement element) {
        if (element instanceof InvokeInstruction call
                && call.owner().asSymbol().equals(ALLOCATOR)
                && call.name().equalsString("ioBuffer")
                && call.typeSymbol().equals(RECEIVE)) {
            code.invokedynamic(call("receiving", "receive", RECEIVE.insertParameterTypes(0, ALLOCATOR)));
        } else {
            code.with(element);
        }
    }

    /** A buffer from the bridge comes first. */
    private record Allocation(ClassDesc owner) implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            MethodTypeDesc type = NEW_BUFFER.insertParameterTypes(0, ALLOCATOR);
            MethodTypeDesc aware = MethodTypeDesc.of(BUFFER, BUFFER);
            code.aload(0).iload(1).iload(2).invokedynamic(call("allocation", "allocate", type));
            code.dup()
                    .ifThenElse(
                            Opcode.IFNONNULL,
                            found -> found.invokestatic(owner, "toLeakAwareBuffer", aware)
                                    .areturn(),
                            CodeBuilder::pop);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }
    }

    private static DynamicCallSiteDesc call(String bootstrap, String name, MethodTypeDesc type) {
        DirectMethodHandleDesc link = ConstantDescs.ofCallsiteBootstrap(LINKAGE, bootstrap, ConstantDescs.CD_CallSite);
        return DynamicCallSiteDesc.of(link, name, type);
    }
}
