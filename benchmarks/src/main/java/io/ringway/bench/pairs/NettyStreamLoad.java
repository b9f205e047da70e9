package io.ringway.bench.pairs;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;

/**
 * Netty stream: writes while the channel is writable, the same buffer again and again, or with {@code fill=lines} new
 * ones, a word of every cache line of which is written, with {@code fill=heap} arrays, which Netty copies into new ones;
 * checks at the end that all of it has arrived.
 */
@SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught or the end of the connection
final class NettyStreamLoad extends NettyLoad {
    private final String fill;

    NettyStreamLoad(Options options) {
        super(options, 1 << 16);
        fill = options.text("fill", "none");
    }

    @Override
    protected Connection connection(Phases phases) {
        return new Stream(this, phases, size, fill);
    }

    private static final class Stream extends Connection {
        private final ByteBuf piece;
        private final byte[] array;
        private final int size;
        private long written;
        private final String fill;
        private boolean stopped;

        Stream(NettyLoad load, Phases phases, int size, String fill) {
            super(load, phases);
            this.size = size;
            this.fill = fill;
            this.array = new byte[size];
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
                context.write(next(context), context.voidPromise());
                written += size;
                if (!meter.recordBytes(size)) {
                    stopped = true;
                    context.write(Unpooled.EMPTY_BUFFER)
                            .addListener(done -> ((SocketChannel) context.channel()).shutdownOutput());
                }
            }
            context.flush();
        }

        private ByteBuf next(ChannelHandlerContext context) {
            return switch (fill) {
                case "none" -> piece.retainedDuplicate();
                case "heap" -> Unpooled.wrappedBuffer(array);
                case "lines" -> filled(context);
                default -> throw new IllegalArgumentException("Unknown fill: " + fill);
            };
        }

        private ByteBuf filled(ChannelHandlerContext context) {
            ByteBuf made = context.alloc().directBuffer(size).writerIndex(size);
            CacheLines.write(made.internalNioBuffer(0, size), written);
            return made;
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
