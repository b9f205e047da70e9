package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.Platform;
import io.ringway.nic.IpEndpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Local port numbers for connections over the fabric. They come from blocks outside the range that the kernel gives
 * ports from; a process claims a block by a record in the directory. A number serves any number of connections, to one
 * destination each, as in the kernel. Any thread.
 */
final class PortBlocks {
    static final int BLOCK = 128;

    private static final int LOWEST = 10240;
    private static final int BEYOND = 65536;

    private final FabricPort port;
    /** The first port of each block that this process has. */
    private final List<Integer> blocks = new ArrayList<>();
    /** What connections to a destination use: places in the blocks, counted through. */
    private final Map<IpEndpoint, BitSet> used = new HashMap<>();
    /** Where the next search begins, so that a number rests before it is used again. */
    private int next;

    private int @Nullable [] candidates;

    PortBlocks(FabricPort port) {
        this.port = port;
    }

    static String name(int first) {
        return "p-" + first;
    }

    /** A port that this process doesn't use for {@code destination} and no other may, or 0. */
    synchronized int take(FabricDirectory directory, IpEndpoint destination) throws IOException {
        BitSet taken = used.get(destination);
        int place = taken == null ? next % Math.max(1, places()) : free(taken);
        if (place >= places()) {
            int first = claimBlock(directory);
            if (first == 0) {
                return 0;
            }
            place = places();
            blocks.add(first);
        }
        if (taken == null) {
            taken = new BitSet();
            used.put(destination, taken);
        }
        taken.set(place);
        next = place + 1;
        return blocks.get(place / BLOCK) + place % BLOCK;
    }

    private int places() {
        return blocks.size() * BLOCK;
    }

    /** The next free place in turn; beyond the last one if there is none. */
    private int free(BitSet taken) {
        int place = taken.nextClearBit(next);
        return place < places() ? place : taken.nextClearBit(0);
    }

    synchronized void give(IpEndpoint destination, int number) {
        BitSet taken = used.get(destination);
        for (int i = 0; taken != null && i < blocks.size(); i++) {
            int inside = number - blocks.get(i);
            if (inside >= 0 && inside < BLOCK) {
                taken.clear(i * BLOCK + inside);
                if (taken.isEmpty()) {
                    used.remove(destination);
                }
                return;
            }
        }
    }

    synchronized void withdraw(FabricDirectory directory) {
        for (int first : blocks) {
            try {
                directory.removeIf(name(first), owner());
            } catch (LinuxException e) {
                return;
            }
        }
        blocks.clear();
        used.clear();
    }

    private String owner() {
        return FabricDirectory.hex(port.nonce());
    }

    private int claimBlock(FabricDirectory directory) throws IOException {
        int[] all = candidates();
        int start = all.length == 0 ? 0 : Math.floorMod(port.nonce() * 31 + blocks.size(), all.length);
        for (int i = 0; i < all.length; i++) {
            int first = all[(start + i) % all.length];
            if (directory.create(name(first), owner())) {
                return first;
            }
        }
        return sweepBlocks(directory, all);
    }

    /** Takes over a block whose owner is dead. */
    private int sweepBlocks(FabricDirectory directory, int[] all) throws LinuxException {
        Map<String, Boolean> dead = new HashMap<>();
        dead.put(owner(), false);
        for (int first : all) {
            String owner = directory.read(name(first));
            if (owner != null && dead.computeIfAbsent(owner, o -> isDead(directory, o))) {
                directory.removeIf(name(first), owner);
                if (directory.create(name(first), owner())) {
                    return first;
                }
            }
        }
        return 0;
    }

    private static boolean isDead(FabricDirectory directory, String owner) {
        try {
            return !directory.isAlive(Long.parseUnsignedLong(owner, 16));
        } catch (NumberFormatException e) {
            return true;
        }
    }

    /** The first ports of all blocks that there are, leaving out the kernel's range. */
    private int[] candidates() throws IOException {
        int[] known = candidates;
        if (known == null) {
            Platform.PortRange kernel = Platform.ephemeralPortRange();
            known = new int[(BEYOND - LOWEST) / BLOCK];
            int count = 0;
            for (int first = LOWEST; first + BLOCK <= BEYOND; first += BLOCK) {
                if (first + BLOCK <= kernel.first() || first > kernel.last()) {
                    known[count++] = first;
                }
            }
            known = Arrays.copyOf(known, count);
            candidates = known;
        }
        return known;
    }
}
