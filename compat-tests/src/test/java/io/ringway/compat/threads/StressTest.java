package io.ringway.compat.threads;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.ThreadDump;
import io.ringway.compat.support.TimeLimit;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@link Chaos} with one connection after the other, for some seconds, or for {@code -Dcompat.stress.seconds}, up to ten
 * minutes; {@code -Dcompat.stress.first} is the first seed.
 */
@TimeLimit(800)
class StressTest {
    private static final long SECONDS = Long.getLong("compat.stress.seconds", 5);
    private static final Duration CONNECTION_LIMIT = Duration.ofSeconds(40);
    private static final long FIRST = Long.getLong("compat.stress.first", 1);

    @Test
    void everyCallOnAConnectionThatIsUsedByManyThreadsAndClosedEnds() throws Exception {
        long end = System.nanoTime() + SECONDS * 1_000_000_000;
        long seed = FIRST;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                TcpPair bystander = TcpPair.open(listener, Loopback.IPV4)) {
            do {
                run(new Chaos(seed, TcpPair.open(listener, Loopback.IPV4)), seed);
                Io.pingPong(bystander);
                seed++;
            } while (System.nanoTime() - end < 0);
        }
        System.out.println("stress: " + (seed - FIRST) + " connections");
        assertTrue(seed > FIRST);
    }

    /** In a thread of its own, since interrupting and closing may hang too. */
    private static void run(Chaos chaos, long seed) throws Exception {
        try (Background<@Nullable Void> driver = Background.run(chaos::run)) {
            try {
                Await.until("the end of connection " + seed, CONNECTION_LIMIT, driver::isDone);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + ThreadDump.ofAllThreads("stress"), e);
            }
            driver.result();
        }
    }
}
