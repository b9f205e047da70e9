package io.ringway.nio;

import io.ringway.nic.fabric.FabricQueue;
import io.ringway.nic.fabric.Saboteur;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * A guest that talks to others for a while, and then breaks the rules. Arguments: how, a seed, and the ports of its
 * victims. It tells when it has connected, and after its attack how often it did something wrong.
 */
final class BadGuest {
    /** What it does wrong. */
    enum Manner {
        /** Writes into all that it shares, while it talks. */
        GARBAGE,
        /** Publishes faster than anybody can read. */
        FLOOD,
        /** Gives no buffer back, and reads nothing. */
        HOARD,
        LENGTHS,
        OFFSETS,
        FLOWS,
        QUEUES
    }

    private static final long SPAN = 300_000_000L;
    private static final int ENOUGH = 30;
    private static final int STEPS = 200;
    private static final int HOARDED = 24;

    private final Random random;
    private final int[] victims;
    private final List<Conversation> conversations = new ArrayList<>();
    private long wrongs;

    private BadGuest(Random random, int[] victims) {
        this.random = random;
        this.victims = victims;
    }

    public static void main(String[] arguments) throws Exception {
        // It doesn't read its input all the time.
        ProcessHandle.current()
                .parent()
                .ifPresent(
                        test -> test.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
        int[] victims = new int[arguments.length - 2];
        for (int i = 0; i < victims.length; i++) {
            victims[i] = Integer.parseInt(arguments[i + 2]);
        }
        new BadGuest(new Random(Long.parseLong(arguments[1])), victims).run(Manner.valueOf(arguments[0]));
    }

    private void run(Manner manner) throws Exception {
        for (int victim : victims) {
            for (int i = 0; i < 2; i++) {
                Conversation c = new Conversation(victim, random.nextLong());
                conversations.add(c);
                Thread.ofPlatform().daemon().start(c::run);
            }
        }
        for (Conversation c : conversations) {
            while (c.rounds < 10) {
                if (c.failure != null) {
                    throw new IllegalStateException(c.failure);
                }
                Thread.onSpinWait();
            }
        }
        System.out.println("connected");
        System.in.read();
        Datapath datapath = ((RingwaySocketChannel) conversations.getFirst().channel()).datapath;
        Saboteur saboteur = new Saboteur(((FabricQueue) datapath.lanes()[0].queue).port(), random);
        for (int victim : victims) {
            switch (manner) {
                case GARBAGE -> attack(victim, saboteur, saboteur::scribble);
                case FLOOD -> flood(victim, saboteur);
                case HOARD -> hoard(victim);
                case LENGTHS -> attack(victim, saboteur, saboteur::lieAboutLengths);
                case OFFSETS -> attack(victim, saboteur, saboteur::lieAboutOffsets);
                case FLOWS -> impersonate(victim, saboteur);
                case QUEUES -> attack(victim, saboteur, saboteur::lieAboutQueues);
            }
        }
        if (manner == Manner.HOARD) {
            takeHostage(datapath);
        }
        System.out.println("done " + wrongs);
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
        Runtime.getRuntime().halt(0);
    }

    /** Does it until the victim throws this process out, comes back and does it again. */
    private void attack(int victim, Saboteur saboteur, Runnable wrong) {
        long end = System.nanoTime() + SPAN;
        for (int i = 0; i < ENOUGH && System.nanoTime() < end; i++) {
            if (!await(() -> saboteur.meet(victim), end)) {
                return;
            }
            for (int step = 0; step < STEPS && !saboteur.isFound(); step++) {
                wrong.run();
                wrongs++;
                Thread.yield();
            }
        }
    }

    private static boolean await(BooleanSupplier condition, long end) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }

    private void flood(int victim, Saboteur saboteur) {
        long end = System.nanoTime() + SPAN;
        if (!await(() -> saboteur.meet(victim), end)) {
            throw new IllegalStateException("no way to " + victim);
        }
        while (System.nanoTime() < end) {
            if (saboteur.flood()) {
                wrongs++;
            }
        }
        while (!saboteur.isFound()) {
            saboteur.overrun();
        }
    }

    private void impersonate(int victim, Saboteur saboteur) {
        long end = System.nanoTime() + SPAN;
        if (!await(() -> saboteur.meet(victim), end)) {
            throw new IllegalStateException("no way to " + victim);
        }
        for (int i = 0; i < ENOUGH && !saboteur.isFound(); i++) {
            wrongs += saboteur.forge(victim);
        }
    }

    /** Sends to a server that echoes until nothing goes any more, on many connections, and reads nothing. */
    private void hoard(int victim) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 18);
        for (int i = 0; i < HOARDED; i++) {
            SocketChannel channel = new Conversation(victim, i).channel();
            channel.configureBlocking(false);
            int refused = 0;
            while (refused < 100) {
                int n = channel.write(chunk.clear());
                refused = n > 0 ? 0 : refused + 1;
                wrongs += n;
                Thread.yield();
            }
        }
    }

    /** Nobody in this process looks at its queues any more. */
    private static void takeHostage(Datapath datapath) {
        for (Lane lane : datapath.lanes()) {
            while (!lane.stack.tryOwn()) {
                Thread.onSpinWait();
            }
        }
    }
}
