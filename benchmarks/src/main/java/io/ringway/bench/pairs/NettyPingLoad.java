package io.ringway.bench.pairs;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Netty ping-pong: each connection has one numbered message under way. */
@SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught or the end of the connection
final class NettyPingLoad extends NettyLoad {
    NettyPingLoad(Options options) {
        super(options, 64);
    }

    @Override
    protected Connection connection(Phases phases) {
        return new Ping(this, phases, size);
    }

    private static final class Ping extends Connection {
        private final int size;
        private long sequence;
        private long sentNanos;
        private int received;

        Ping(NettyLoad load, Phases phases, int size) {
            super(load, phases);
            this.size = size;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            send(context, System.nanoTime());
        }

        private void send(ChannelHandlerContext context, long nowNanos) {
            ByteBuf message = context.alloc().directBuffer(size);
            message.writeLong(++sequence).writerIndex(size);
            sentNanos = nowNanos;
            received = 0;
            context.writeAndFlush(message, context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf part = (ByteBuf) message;
            if (received == 0 && part.readableBytes() >= Long.BYTES && part.getLong(part.readerIndex()) != sequence) {
                throw new IllegalStateException("The answer is not the message that was sent");
            }
            received += part.readableBytes();
            part.release();
            if (received < size) {
                return;
            }
            long now = System.nanoTime();
            if (meter(context).record(sentNanos, now)) {
                send(context, now);
            } else {
                end();
            }
        }
    }
}
