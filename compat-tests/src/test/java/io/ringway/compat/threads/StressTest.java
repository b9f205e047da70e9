package io.ringway.compat.threads;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.TimeLimit;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;

/**
 * {@link Chaos} with one connection after the other, for some seconds, or for {@code -Dcompat.stress.seconds}, up to ten
 * minutes; {@code -Dcompat.stress.first} is the first seed.
 */
@TimeLimit(800)
class StressTest {
    private static final long SECONDS = Long.getLong("compat.stress.seconds", 5);
    private static final long FIRST = Long.getLong("compat.stress.first", 1);

    @Test
    void everyCallOnAConnectionThatIsUsedByManyThreadsAndClosedEnds() throws Exception {
        long end = System.nanoTime() + SECONDS * 1_000_000_000;
        long seed = FIRST;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                TcpPair bystander = TcpPair.open(listener, Loopback.IPV4)) {
            do {
                new Chaos(seed, TcpPair.open(listener, Loopback.IPV4)).run();
                Io.pingPong(bystander);
                seed++;
            } while (System.nanoTime() - end < 0);
        }
        System.out.println("stress: " + (seed - FIRST) + " connections");
        assertTrue(seed > FIRST);
    }
}
