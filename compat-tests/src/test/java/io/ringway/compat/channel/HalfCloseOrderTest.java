package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The four shutdowns of a connection in every order, with data in flight before each of them. Nothing is sent to an end
 * that is shut in both directions, which would answer by a reset.
 */
class HalfCloseOrderTest {
    private static final int CHUNK = 10_000;

    /** One end, and what its peer has sent that it has not read yet. */
    private static final class End {
        final SocketChannel channel;
        boolean inputShut;
        boolean outputShut;
        int sentToIt;

        End(SocketChannel channel) {
            this.channel = channel;
        }

        void shutInput() throws Exception {
            channel.shutdownInput();
            inputShut = true;
        }

        void shutOutput() throws Exception {
            channel.shutdownOutput();
            outputShut = true;
        }
    }

    static Stream<String> orders() {
        List<String> orders = new ArrayList<>();
        permute("", "iopq", orders);
        return orders.stream().flatMap(order -> Stream.of(order + " blocking", order + " non-blocking"));
    }

    private static void permute(String done, String left, List<String> orders) {
        if (left.isEmpty()) {
            orders.add(done);
        }
        for (int i = 0; i < left.length(); i++) {
            permute(done + left.charAt(i), left.substring(0, i) + left.substring(i + 1), orders);
        }
    }

    /** i and o: the client's input and output; p and q: the server's. */
    @ParameterizedTest
    @MethodSource("orders")
    void inEveryOrderWhatWasSentArrivesAndTheRestIsRefused(String order) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.configureBlocking(order.endsWith(" blocking"));
            End client = new End(pair.client());
            End server = new End(pair.server());
            for (char step : order.substring(0, 4).toCharArray()) {
                send(client, server);
                send(server, client);
                switch (step) {
                    case 'i' -> client.shutInput();
                    case 'o' -> client.shutOutput();
                    case 'p' -> server.shutInput();
                    default -> server.shutOutput();
                }
                receive(client, server);
                receive(server, client);
            }
            assertTrue(client.channel.isConnected());
            assertTrue(server.channel.isConnected());
        }
    }

    private static void send(End from, End to) throws Exception {
        if (from.outputShut) {
            assertThrows(ClosedChannelException.class, () -> from.channel.write(ByteBuffer.allocate(1)));
        } else if (!to.inputShut || !to.outputShut) {
            Io.write(from.channel, ByteBuffer.allocate(CHUNK));
            to.sentToIt += CHUNK;
        }
    }

    private static void receive(End at, End from) throws Exception {
        if (at.inputShut) {
            assertEquals(-1, at.channel.read(ByteBuffer.allocate(1)));
            assertEquals(-1, at.channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
            return;
        }
        Io.fill(at.channel, ByteBuffer.allocate(at.sentToIt));
        at.sentToIt = 0;
        if (from.outputShut) {
            assertEquals(-1, Io.readSome(at.channel, ByteBuffer.allocate(1)));
        }
    }
}
