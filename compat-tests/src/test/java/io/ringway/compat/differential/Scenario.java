package io.ringway.compat.differential;

import io.ringway.compat.differential.Operation.Maker;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * A random sequence of operations, determined by its seed, and the transcript of their outcomes. A call that blocks goes
 * on in its thread while others are made, and is told when it ends. At the end all is closed, and nothing may block any
 * longer.
 */
final class Scenario {
    private static final int STEPS = 40;
    private static final int MOST_BLOCKED = 3;
    /** A call that is to end now is given that many times what an effect is given. */
    private static final int SETTLES_TO_END = 6;

    private static final long END_MILLIS = 10_000;

    private static final List<List<Maker>> KINDS = List.of(
            ChannelOperations.TRAFFIC,
            ChannelOperations.TRAFFIC,
            ChannelOperations.ALL,
            ServerOperations.ALL,
            SelectorOperations.ALL,
            SelectorOperations.ALL,
            AdaptorOperations.ALL);

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final Pace pace;
    private final World world = new World();
    private final List<Call> blocked = new ArrayList<>();
    private final List<String> transcript = new ArrayList<>();

    private Scenario(long seed, Pace pace) throws IOException {
        this.seed = seed;
        this.pace = pace;
    }

    static List<String> run(long seed, Pace pace) throws Exception {
        Scenario scenario = new Scenario(seed, pace);
        try {
            scenario.prepare((int) Math.floorMod(seed, 4L));
            for (int i = 0; i < STEPS; i++) {
                scenario.step(i);
            }
        } finally {
            scenario.end();
        }
        return scenario.transcript;
    }

    /** A listener, a selector, and mostly a connection, so that there is something to work with. */
    private void prepare(int kind) throws IOException {
        Loopback[] ways = Loopback.values();
        Loopback way = ways[(int) Math.floorMod(seed / 4, ways.length)];
        ServerSocketChannel listener = world.remember(ServerSocketChannel.open());
        listener.bind(way.bindAddress());
        world.servers.set(0, listener);
        world.addresses.set(0, way.connectAddress(listener));
        world.selectors.set(0, Selector.open());
        if (kind == 0) {
            world.channels.set(0, world.remember(SocketChannel.open()));
            world.channels.set(1, world.remember(SocketChannel.open()));
            return;
        }
        SocketChannel client = world.remember(SocketChannel.open(world.addresses.get(0)));
        SocketChannel server = world.remember(listener.accept());
        if (kind == 2) {
            client.configureBlocking(false);
            server.configureBlocking(false);
        }
        world.channels.set(0, client);
        world.channels.set(1, server);
    }

    private void step(int number) throws InterruptedException {
        // What one step chooses does not depend on the steps before.
        Random random = new Random((seed * STEPS + number) * GOLDEN);
        if (!blocked.isEmpty() && random.nextInt(8) == 0) {
            blocked.get(random.nextInt(blocked.size())).interrupt();
            transcript.add("%3d interrupt".formatted(number));
        } else {
            List<Maker> kind = KINDS.get(random.nextInt(KINDS.size()));
            Operation operation = kind.get(random.nextInt(kind.size())).make(random);
            boolean virtual = random.nextInt(6) == 0;
            boolean interrupted = random.nextInt(20) == 0;
            if (blocked.size() == MOST_BLOCKED) {
                operation = ChannelOperations.close(random);
            }
            Call call = Call.start(number, operation, world, virtual, interrupted);
            String line = call.lineUnlessBlocked(pace.patience());
            transcript.add(line == null ? call.blockedLine() : line);
            if (line == null) {
                blocked.add(call);
            }
        }
        Thread.sleep(pace.settleMillis());
        collect(blocked.isEmpty() ? 0 : SETTLES_TO_END * pace.settleMillis());
    }

    /** Notes the calls that have ended meanwhile. */
    private void collect(int millis) throws InterruptedException {
        if (millis != 0) {
            Thread.sleep(millis);
        }
        for (Iterator<Call> i = blocked.iterator(); i.hasNext(); ) {
            Call call = i.next();
            if (call.isDone()) {
                transcript.add("    ended: " + call.line(0));
                i.remove();
            }
        }
    }

    private void end() throws Exception {
        for (int i = 0; i < World.SELECTORS; i++) {
            Selector selector = world.selector(i);
            if (selector != null) {
                selector.close();
            }
        }
        for (Channel channel : world.all()) {
            channel.close();
        }
        for (Call call : blocked) {
            if (call.line(END_MILLIS) == null) {
                throw new AssertionError("still blocked although all is closed: " + call.dump() + transcript);
            }
        }
        // A blocked connect or accept may have brought another channel meanwhile.
        for (Channel channel : world.all()) {
            channel.close();
        }
    }
}
