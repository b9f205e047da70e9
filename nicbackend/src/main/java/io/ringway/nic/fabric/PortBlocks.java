package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.Platform;
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
 * ports from; a process claims a block by a record in the directory. Any thread.
 */
final class PortBlocks {
    static final int BLOCK = 128;

    private static final int LOWEST = 10240;
    private static final int BEYOND = 65536;

    private final FabricPort port;
    private final List<Block> blocks = new ArrayList<>();
    private int current;
    private int @Nullable [] candidates;

    PortBlocks(FabricPort port) {
        this.port = port;
    }

    /** Ports from {@code first} on, of which some are in use. */
    private static final class Block {
        final int first;
        final BitSet used = new BitSet(BLOCK);
        int next;

        Block(int first) {
            this.first = first;
        }

        /** The next free port in turn, or 0. */
        int take() {
            int free = used.nextClearBit(next);
            if (free >= BLOCK) {
                free = used.nextClearBit(0);
            }
            if (free >= BLOCK) {
                return 0;
            }
            used.set(free);
            next = free + 1 == BLOCK ? 0 : free + 1;
            return first + free;
        }
    }

    static String name(int first) {
        return "p-" + first;
    }

    /** A port that this process doesn't use and no other may, or 0. */
    synchronized int take(FabricDirectory directory) throws IOException {
        for (int i = 0; i < blocks.size(); i++) {
            int taken = blocks.get(current).take();
            if (taken != 0) {
                return taken;
            }
            current = current + 1 == blocks.size() ? 0 : current + 1;
        }
        int first = claimBlock(directory);
        if (first == 0) {
            return 0;
        }
        current = blocks.size();
        blocks.add(new Block(first));
        return blocks.get(current).take();
    }

    synchronized void give(int number) {
        for (Block block : blocks) {
            if (number >= block.first && number < block.first + BLOCK) {
                block.used.clear(number - block.first);
                return;
            }
        }
    }

    synchronized void withdraw(FabricDirectory directory) {
        for (Block block : blocks) {
            try {
                directory.removeIf(name(block.first), owner());
            } catch (LinuxException e) {
                return;
            }
        }
        blocks.clear();
        current = 0;
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
