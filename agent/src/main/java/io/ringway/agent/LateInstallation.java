package io.ringway.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.channels.spi.SelectorProvider;
import java.security.ProtectionDomain;
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;

/**
 * Makes Ringway the provider of a JVM whose program has already asked for one. The JDK keeps the first in a constant,
 * {@code SelectorProvider.Holder.INSTANCE}; {@code SelectorProvider.provider()} is rewritten to return another constant,
 * which the same method of the JDK, {@code Holder.provider()}, makes on first use, now that the property names Ringway.
 * So nothing is added to the JDK, and compiled code sees a constant as before.
 *
 * <p>Channels, selectors and classes that have kept the JDK's provider go on with it.
 */
public final class LateInstallation {
    private static final String ACTIVE_FROM_NOW_ON =
            "active for channels opened from now on; those open already stay with the JDK's provider";
    private static final String TARGET = "java/nio/channels/spi/SelectorProvider";
    private static final ClassDesc PROVIDER =
            SelectorProvider.class.describeConstable().orElseThrow();
    private static final ClassDesc HOLDER = PROVIDER.nested("Holder");

    private LateInstallation() {}

    /**
     * Installs, and checks that it worked; if it didn't, everything is as it was before.
     *
     * @param instrumentation able to retransform classes
     * @return null if channels opened from now on are Ringway's, else the reason why they aren't
     */
    public static @Nullable String install(Instrumentation instrumentation) {
        SelectorProvider first = SelectorProvider.provider();
        if (isRingway(first)) {
            return null;
        }
        if (!first.getClass().getName().startsWith("sun.nio.ch.")) {
            return "the program uses another provider: " + first.getClass().getName();
        }
        String obstacle = replace(instrumentation);
        if (obstacle == null) {
            Installation.report(ACTIVE_FROM_NOW_ON);
            Installation.say(ACTIVE_FROM_NOW_ON);
        }
        return obstacle;
    }

    private static @Nullable String replace(Instrumentation instrumentation) {
        Rewriter rewriter = new Rewriter();
        instrumentation.addTransformer(rewriter, true);
        try {
            instrumentation.retransformClasses(SelectorProvider.class);
            if (isRingway(SelectorProvider.provider())) {
                return null;
            }
            return undo(instrumentation, rewriter, "this JDK chooses its provider in another way");
        } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
            return undo(instrumentation, rewriter, e.toString());
        } catch (ServiceConfigurationError e) {
            return undo(instrumentation, rewriter, String.valueOf(e.getCause() == null ? e : e.getCause()));
        }
    }

    private static String undo(Instrumentation instrumentation, Rewriter rewriter, String reason) {
        instrumentation.removeTransformer(rewriter);
        try {
            instrumentation.retransformClasses(SelectorProvider.class);
            return reason;
        } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
            return reason + ", and could not be taken back: " + e;
        }
    }

    private static boolean isRingway(SelectorProvider provider) {
        return provider.getClass().getName().equals(Installation.PROVIDER);
    }

    /** Any exception in here leaves the class unchanged, which the caller notices. */
    private static final class Rewriter implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                String name,
                @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            return TARGET.equals(name) && loader == null ? rewrite(bytes) : null;
        }

        private static byte[] rewrite(byte[] bytes) {
            ClassFile classFile = ClassFile.of();
            ClassModel original = classFile.parse(bytes);
            return classFile.transformClass(
                    original, ClassTransform.transformingMethods(Rewriter::isProviderMethod, (method, element) -> {
                        if (element instanceof CodeModel) {
                            method.withCode(Rewriter::returnRingway);
                        } else {
                            method.with(element);
                        }
                    }));
        }

        private static boolean isProviderMethod(MethodModel method) {
            return method.methodName().equalsString("provider")
                    && method.methodTypeSymbol().equals(MethodTypeDesc.of(PROVIDER));
        }

        private static void returnRingway(CodeBuilder code) {
            DirectMethodHandleDesc make = MethodHandleDesc.ofMethod(
                    DirectMethodHandleDesc.Kind.STATIC, HOLDER, "provider", MethodTypeDesc.of(PROVIDER));
            code.loadConstant(DynamicConstantDesc.ofNamed(ConstantDescs.BSM_INVOKE, "ringway", PROVIDER, make))
                    .areturn();
        }
    }
}
