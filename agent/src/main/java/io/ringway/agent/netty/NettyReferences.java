package io.ringway.agent.netty;

import java.lang.instrument.Instrumentation;

/** Has the outbound buffers of the program's Netty sent by reference, in those of its classes that are loaded later. */
public final class NettyReferences {
    private NettyReferences() {}

    /** Before Netty's classes are loaded. */
    public static void install(Instrumentation instrumentation) {
        instrumentation.addTransformer(new NettyRewriter(), false);
    }
}
