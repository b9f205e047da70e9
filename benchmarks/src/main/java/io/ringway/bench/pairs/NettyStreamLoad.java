package io.ringway.bench.pairs;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;

/** Netty stream: writes while the channel is writable; checks at the end that all of it has arrived. */
@SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught or the end of the connection
final class NettyStreamLoad extends NettyLoad {
    NettyStreamLoad(Options options) {
        super(options, 1 << 16);
    }

    @Override
    protected Connection connection(Phases phases) {
        return new Stream(this, phases, size);
    }

    private static final class Stream extends Connection {
        private final ByteBuf piece;
        private final int size;
        private long written;
        private boolean stopped;

        Stream(NettyLoad load, Phases phases, int size) {
            super(load, phases);
            this.size = size;
            this.piece = Unpooled.directBuffer(size).writerIndex(size);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            fill(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            fill(context);
        }

        private void fill(ChannelHandlerContext context) {
            Meter meter = meter(context);
            while (!stopped && context.channel().isWritable()) {
                context.write(piece.retainedDuplicate(), context.voidPromise());
                written += size;
                if (!meter.recordBytes(size)) {
                    stopped = true;
                    context.write(Unpooled.EMPTY_BUFFER)
                            .addListener(done -> ((SocketChannel) context.channel()).shutdownOutput());
                }
            }
            context.flush();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf answer = (ByteBuf) message;
            long arrived = answer.readLong();
            answer.release();
            if (arrived != written) {
                throw new IllegalStateException("Wrote " + written + " bytes, the server read " + arrived);
            }
            end();
        }
    }
}
