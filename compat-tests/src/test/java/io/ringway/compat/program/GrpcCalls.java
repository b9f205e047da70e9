package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.ringway.compat.support.Parent;
import io.ringway.compat.support.SeededBytes;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a client does with a {@link GrpcServer}. */
final class GrpcCalls implements AutoCloseable {
    private static final int MEGABYTE = 1_000_000;

    private final ManagedChannel channel;

    private GrpcCalls(int port) {
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .usePlaintext()
                .build();
    }

    public static void main(String[] arguments) throws Exception {
        all(Integer.parseInt(arguments[0]));
        Parent.tell("done");
        // gRPC's own threads may stay for a second.
        System.exit(0);
    }

    /** A call of every type. */
    static void all(int port) throws Exception {
        try (GrpcCalls calls = new GrpcCalls(port)) {
            calls.unary();
            calls.serverStreaming(1000, 1000);
            calls.serverStreaming(8, MEGABYTE);
            calls.clientStreaming(1000, 1000);
            calls.clientStreaming(8, MEGABYTE);
            calls.talk();
            calls.deadline();
            calls.cancellation();
        }
    }

    private void unary() {
        for (int i = 0; i < 200; i++) {
            byte[] message = new SeededBytes(i).next(50 * i).array();
            assertArrayEquals(
                    message, ClientCalls.blockingUnaryCall(channel, GrpcServer.ECHO, CallOptions.DEFAULT, message));
        }
    }

    private void serverStreaming(int count, int size) {
        byte[] request = ByteBuffer.allocate(8).putInt(count).putInt(size).array();
        Iterator<byte[]> messages =
                ClientCalls.blockingServerStreamingCall(channel, GrpcServer.PRODUCE, CallOptions.DEFAULT, request);
        SeededBytes expected = new SeededBytes(1);
        while (messages.hasNext()) {
            expected.check(ByteBuffer.wrap(messages.next()));
        }
        assertEquals((long) count * size, expected.position());
    }

    private void clientStreaming(int count, int size) throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> requests =
                ClientCalls.asyncClientStreamingCall(channel.newCall(GrpcServer.CONSUME, CallOptions.DEFAULT), answers);
        SeededBytes bytes = new SeededBytes(1);
        for (int i = 0; i < count; i++) {
            requests.onNext(bytes.next(size).array());
        }
        requests.onCompleted();
        assertEquals((long) count * size, ByteBuffer.wrap(answers.next()).getLong());
    }

    private void talk() throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> requests =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(GrpcServer.TALK, CallOptions.DEFAULT), answers);
        SeededBytes sent = new SeededBytes(2);
        SeededBytes received = new SeededBytes(2);
        for (int i = 0; i < 300; i++) {
            requests.onNext(sent.next(1 + 30 * i).array());
            received.check(ByteBuffer.wrap(answers.next()));
        }
        requests.onCompleted();
        assertEquals(sent.position(), received.position());
        assertEquals(0, answers.next().length);
    }

    private void deadline() {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS);
        Iterator<byte[]> messages =
                ClientCalls.blockingServerStreamingCall(channel, GrpcServer.WAIT, options, new byte[1]);
        StatusRuntimeException e = assertThrows(StatusRuntimeException.class, () -> messages.forEachRemaining(m -> {}));
        assertEquals(Status.Code.DEADLINE_EXCEEDED, e.getStatus().getCode());
    }

    private void cancellation() throws InterruptedException {
        ClientCall<byte[], byte[]> call = channel.newCall(GrpcServer.WAIT, CallOptions.DEFAULT);
        Answers answers = new Answers();
        ClientCalls.asyncServerStreamingCall(call, new byte[1], answers);
        assertEquals(1, answers.next().length);
        call.cancel("the test doesn't wait", null);
        assertEquals(Status.Code.CANCELLED, answers.failure().getCode());
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdown();
        assertTrue(channel.awaitTermination(20, TimeUnit.SECONDS));
    }

    /** The messages that come, then an empty one; an error instead of what doesn't come. */
    private static final class Answers implements StreamObserver<byte[]> {
        private final LinkedBlockingQueue<Object> seen = new LinkedBlockingQueue<>();

        byte[] next() throws InterruptedException {
            Object next = seen.poll(20, TimeUnit.SECONDS);
            if (next instanceof byte[] message) {
                return message;
            }
            throw new AssertionError("no message, but " + next);
        }

        Status failure() throws InterruptedException {
            if (seen.poll(20, TimeUnit.SECONDS) instanceof Throwable cause) {
                return Status.fromThrowable(cause);
            }
            throw new AssertionError("no failure");
        }

        @Override
        public void onNext(byte[] message) {
            seen.add(message);
        }

        @Override
        public void onError(Throwable cause) {
            seen.add(cause);
        }

        @Override
        public void onCompleted() {
            seen.add(new byte[0]);
        }
    }
}
