package io.ringway.compat.program;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** gRPC over Netty with a service that has a method of every type; a message is an array of bytes. */
final class GrpcServer implements AutoCloseable {
    /** Returns the message. */
    static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodType.UNARY);
    /** Two numbers, count and size: that many messages of that size, together the bytes of seed 1. */
    static final MethodDescriptor<byte[], byte[]> PRODUCE = method("Produce", MethodType.SERVER_STREAMING);
    /** Checks the messages, together the bytes of seed 1, and returns how many bytes they were. */
    static final MethodDescriptor<byte[], byte[]> CONSUME = method("Consume", MethodType.CLIENT_STREAMING);
    /** Returns every message. */
    static final MethodDescriptor<byte[], byte[]> TALK = method("Talk", MethodType.BIDI_STREAMING);
    /** Returns the message, and never ends. */
    static final MethodDescriptor<byte[], byte[]> WAIT = method("Wait", MethodType.SERVER_STREAMING);

    private final Server server;
    private final AtomicInteger waits = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    private GrpcServer() throws IOException {
        server = NettyServerBuilder.forAddress(Loopback.anyPort())
                .addService(service())
                .build()
                .start();
    }

    static GrpcServer start() throws IOException {
        return new GrpcServer();
    }

    public static void main(String[] arguments) throws Exception {
        try (GrpcServer server = start()) {
            Parent.tell("port " + server.port());
            Parent.awaitEnd();
        }
    }

    int port() {
        return server.getPort();
    }

    /** Whether there were calls of {@link #WAIT}, and the server knows of every one that it is over. */
    boolean hasSeenEveryCancellation() {
        return waits.get() > 0 && waits.get() == cancelled.get();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow();
        if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the server doesn't end");
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Service", name))
                .build();
    }

    private ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test.Service")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((byte[] request, StreamObserver<byte[]> responses) -> {
                    responses.onNext(request);
                    responses.onCompleted();
                }))
                .addMethod(PRODUCE, ServerCalls.asyncServerStreamingCall(GrpcServer::produce))
                .addMethod(CONSUME, ServerCalls.asyncClientStreamingCall(Sum::new))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(Echo::new))
                .addMethod(WAIT, ServerCalls.asyncServerStreamingCall(this::await))
                .build();
    }

    private void await(byte[] request, StreamObserver<byte[]> responses) {
        waits.getAndIncrement();
        ((ServerCallStreamObserver<byte[]>) responses).setOnCancelHandler(cancelled::getAndIncrement);
        responses.onNext(request);
    }

    /** Sends while the transport wants more, and goes on when it does again. */
    private static void produce(byte[] request, StreamObserver<byte[]> responses) {
        ByteBuffer numbers = ByteBuffer.wrap(request);
        int[] left = {numbers.getInt()};
        int size = numbers.getInt();
        SeededBytes bytes = new SeededBytes(1);
        ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) responses;
        call.setOnReadyHandler(() -> {
            while (call.isReady() && left[0] > 0) {
                call.onNext(bytes.next(size).array());
                if (--left[0] == 0) {
                    call.onCompleted();
                }
            }
        });
    }

    /** Both kinds of stream from the client. */
    private abstract static class Stream implements StreamObserver<byte[]> {
        final StreamObserver<byte[]> responses;

        Stream(StreamObserver<byte[]> responses) {
            this.responses = responses;
        }

        @Override
        public void onError(Throwable cause) {
            // The client has gone.
        }
    }

    private static final class Sum extends Stream {
        private final SeededBytes expected = new SeededBytes(1);

        Sum(StreamObserver<byte[]> responses) {
            super(responses);
        }

        @Override
        public void onNext(byte[] message) {
            expected.check(ByteBuffer.wrap(message));
        }

        @Override
        public void onCompleted() {
            responses.onNext(
                    ByteBuffer.allocate(Long.BYTES).putLong(expected.position()).array());
            responses.onCompleted();
        }
    }

    private static final class Echo extends Stream {
        Echo(StreamObserver<byte[]> responses) {
            super(responses);
        }

        @Override
        public void onNext(byte[] message) {
            responses.onNext(message);
        }

        @Override
        public void onCompleted() {
            responses.onCompleted();
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
