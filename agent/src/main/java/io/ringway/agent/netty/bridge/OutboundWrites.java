package io.ringway.agent.netty.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.ringway.nic.offload.HeldFrame;
import io.ringway.nic.offload.HeldFrames;
import io.ringway.nio.OutboundReferences;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writes of Netty's NioSocketChannel. A message goes by reference only if the channel's reference to it is the last
 * one: then nobody may change it any more, and it is released as soon as the write has taken it. Event loops.
 */
public final class OutboundWrites {
    /** Buffers that only show another one, and share its reference count; not so {@code UnreleasableByteBuf}. */
    private static final Set<String> VIEWS = Set.of(
            "io.netty.buffer.UnpooledSlicedByteBuf",
            "io.netty.buffer.UnpooledDuplicatedByteBuf",
            "io.netty.buffer.SimpleLeakAwareByteBuf",
            "io.netty.buffer.AdvancedLeakAwareByteBuf");

    private static final ClassValue<Boolean> IS_VIEW = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return VIEWS.contains(type.getName());
        }
    };

    private static final ChannelOutboundBuffer.MessageProcessor COLLECTOR =
            message -> OutboundReferences.frames().offer(exclusiveFrame(message));

    private OutboundWrites() {}

    /** In place of {@link SocketChannel#write(ByteBuffer)}. */
    public static int write(SocketChannel channel, ByteBuffer source, ChannelOutboundBuffer messages)
            throws IOException {
        if (!OutboundReferences.isActive()) {
            OutboundReferences.begin(channel, source);
            return channel.write(source);
        }
        HeldFrames frames = OutboundReferences.frames();
        frames.begin(1);
        frames.offer(exclusiveFrame(messages.current()));
        return OutboundReferences.write(channel, source, frames);
    }

    /** In place of {@link SocketChannel#write(ByteBuffer[], int, int)}. */
    public static long write(
            SocketChannel channel, ByteBuffer[] sources, int offset, int length, ChannelOutboundBuffer messages)
            throws Exception {
        if (!OutboundReferences.isActive()) {
            OutboundReferences.begin(channel, sources[offset]);
            return channel.write(sources, offset, length);
        }
        HeldFrames frames = OutboundReferences.frames();
        frames.begin(length);
        messages.forEachFlushedMessage(COLLECTOR);
        return OutboundReferences.write(channel, sources, offset, length, frames);
    }

    /** The frame that a message stands in, if nobody else can reach that, or null. */
    private static @Nullable HeldFrame exclusiveFrame(@Nullable Object message) {
        if (!(message instanceof ByteBuf buffer)) {
            return null;
        }
        ByteBuf b = buffer;
        while (!(b instanceof FrameByteBuf)) {
            if (!IS_VIEW.get(b.getClass()) || b.unwrap() == null) {
                return null;
            }
            b = b.unwrap();
        }
        return b.refCnt() == 1 ? ((FrameByteBuf) b).frame() : null;
    }
}
