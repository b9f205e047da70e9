package io.ringway.compat.program;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.ringway.compat.support.Await;
import io.ringway.compat.support.SeededBytes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts the bytes that come in, and checks them against a seed's sequence. */
class Collector extends SimpleChannelInboundHandler<ByteBuf> {
    private final SeededBytes expected;
    private final AtomicLong received = new AtomicLong();
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    Collector(long seed) {
        expected = new SeededBytes(seed);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
        expected.check(message.nioBuffer());
        received.addAndGet(message.readableBytes());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        closed.completeExceptionally(cause);
        context.close();
    }

    long received() {
        return received.get();
    }

    void awaitBytes(long count) throws Exception {
        Await.until(count + " bytes arrive", () -> {
            if (closed.isCompletedExceptionally()) {
                awaitClose();
            }
            return received.get() >= count;
        });
        if (received.get() > count) {
            throw new AssertionError("expected " + count + " bytes, got " + received);
        }
    }

    void awaitClose() throws Exception {
        closed.get(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
