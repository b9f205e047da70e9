package io.ringway.compat.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.ringway.compat.support.SeededBytes;

/**
 * Answers {@code /echo} with the request's body, {@code /bytes/n} with n bytes of seed n, {@code /chunked/n} with the
 * same in chunks, anything else with its path.
 */
final class NettyHttpServer extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int LARGEST_BODY = 8 * 1024 * 1024;
    private static final int CHUNK = 10_000;

    static void install(SocketChannel channel) {
        channel.pipeline()
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(LARGEST_BODY))
                .addLast(new NettyHttpServer());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        String path = request.uri();
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        if (path.startsWith("/chunked/")) {
            writeChunked(context, Integer.parseInt(path.substring("/chunked/".length())));
        } else {
            ByteBuf body = path.equals("/echo")
                    ? request.content().retain()
                    : path.startsWith("/bytes/")
                            ? bytes(Integer.parseInt(path.substring("/bytes/".length())))
                            : Unpooled.copiedBuffer(path, UTF_8);
            DefaultFullHttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            context.write(response);
        }
        context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(keepAlive ? future -> {} : ChannelFutureListener.CLOSE);
    }

    private static ByteBuf bytes(int size) {
        return Unpooled.wrappedBuffer(new SeededBytes(size).next(size));
    }

    private static void writeChunked(ChannelHandlerContext context, int size) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        context.write(head);
        SeededBytes bytes = new SeededBytes(size);
        while (bytes.position() < size) {
            int length = (int) Math.min(CHUNK, size - bytes.position());
            context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes.next(length))));
        }
        context.write(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
