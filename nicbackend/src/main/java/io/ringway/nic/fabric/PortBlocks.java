package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.Platform;
import io.ringway.nic.IpEndpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Local port numbers for connections over the fabric. They come from blocks outside the range that the kernel gives
 * ports from; a process claims a block by a record in the directory, and by one in each directory where it is in several,
 * so that nobody who could meet it there has the same numbers. A number serves any number of connections, to one
 * destination each, as in the kernel. Any thread.
 */
final class PortBlocks {
    static final int BLOCK = 128;

    private static final int LOWEST = 10240;
    private static final int BEYOND = 65536;

    /** The places of this process in all its directories. */
    private final List<Presence> members = new CopyOnWriteArrayList<>();

    private final List<Block> blocks = new ArrayList<>();
    /** What connections to a destination use: places in the blocks, counted through. */
    private final Map<IpEndpoint, BitSet> used = new HashMap<>();
    /** Where the next search begins, so that a number rests before it is used again. */
    private int next;

    private int @Nullable [] candidates;

    /**
     * A block that this process has.
     *
     * @param first its first port
     * @param claims where it is claimed: only there it may be used
     */
    private record Block(int first, List<Claim> claims) {
        boolean isOf(Presence member) {
            for (Claim claim : claims) {
                if (claim.member == member) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A record in a directory. */
    private record Claim(Presence member, FabricDirectory directory) {
        boolean make(int first) throws LinuxException {
            return directory.create(name(first), member.owner());
        }

        void takeBack(int first) {
            try {
                directory.removeIf(name(first), member.owner());
            } catch (LinuxException e) {
                // It stays until this process has left.
                return;
            }
        }

        /** Removes the record of a process that is dead; {@code dead} is what is known of processes already. */
        void sweep(int first, Map<String, Boolean> dead) throws LinuxException {
            String owner = directory.read(name(first));
            if (owner != null
                    && !owner.equals(member.owner())
                    && dead.computeIfAbsent(owner, o -> isDead(directory, o))) {
                directory.removeIf(name(first), owner);
            }
        }
    }

    /** This process is in a further directory. */
    void join(Presence member) {
        members.add(member);
    }

    static String name(int first) {
        return "p-" + first;
    }

    /**
     * A port that this process doesn't use for {@code destination} and no other may, or 0.
     *
     * @param asking where the connection will be; its directory is there, and so is its rendezvous
     */
    synchronized int take(Presence asking, IpEndpoint destination) throws IOException {
        BitSet taken = used.get(destination);
        int place = taken == null ? usable(next % Math.max(1, places()), asking) : free(taken, asking);
        if (place >= places()) {
            Block block = claimBlock(asking);
            if (block == null) {
                return 0;
            }
            place = places();
            blocks.add(block);
        }
        if (taken == null) {
            taken = new BitSet();
            used.put(destination, taken);
        }
        taken.set(place);
        next = place + 1;
        return blocks.get(place / BLOCK).first + place % BLOCK;
    }

    private int places() {
        return blocks.size() * BLOCK;
    }

    /** The place, or the first behind it in a block that is claimed where it is needed; beyond the last if there is none. */
    private int usable(int place, Presence asking) {
        int at = place;
        while (at < places() && !blocks.get(at / BLOCK).isOf(asking)) {
            at = (at / BLOCK + 1) * BLOCK;
        }
        return at;
    }

    /** The next free place in turn; beyond the last one if there is none. */
    private int free(BitSet taken, Presence asking) {
        int place = free(taken, next, asking);
        return place < places() ? place : free(taken, 0, asking);
    }

    private int free(BitSet taken, int from, Presence asking) {
        int place = taken.nextClearBit(from);
        int usable = usable(place, asking);
        while (usable != place) {
            place = taken.nextClearBit(usable);
            usable = usable(place, asking);
        }
        return place;
    }

    synchronized void give(IpEndpoint destination, int number) {
        BitSet taken = used.get(destination);
        for (int i = 0; taken != null && i < blocks.size(); i++) {
            int inside = number - blocks.get(i).first;
            if (inside >= 0 && inside < BLOCK) {
                taken.clear(i * BLOCK + inside);
                if (taken.isEmpty()) {
                    used.remove(destination);
                }
                return;
            }
        }
    }

    /** The process leaves a directory. */
    synchronized void withdraw(Presence member) {
        for (Block block : blocks) {
            for (Iterator<Claim> claims = block.claims.iterator(); claims.hasNext(); ) {
                Claim claim = claims.next();
                if (claim.member == member) {
                    claim.takeBack(block.first);
                    claims.remove();
                }
            }
        }
    }

    private @Nullable Block claimBlock(Presence asking) throws IOException {
        List<Claim> claims = new ArrayList<>();
        for (Presence member : members) {
            FabricDirectory directory = member == asking ? asking.attended() : member.attendedIfUsable();
            if (directory != null) {
                claims.add(new Claim(member, directory));
            }
        }
        int[] all = candidates();
        int start = all.length == 0 ? 0 : Math.floorMod(asking.nonce() * 31 + blocks.size(), all.length);
        for (int i = 0; i < all.length; i++) {
            int first = all[(start + i) % all.length];
            if (claim(first, claims)) {
                return new Block(first, claims);
            }
        }
        return sweepBlocks(all, claims);
    }

    /** Everywhere or nowhere. */
    private static boolean claim(int first, List<Claim> claims) throws LinuxException {
        for (int i = 0; i < claims.size(); i++) {
            if (!claims.get(i).make(first)) {
                for (int j = 0; j < i; j++) {
                    claims.get(j).takeBack(first);
                }
                return false;
            }
        }
        return true;
    }

    /** Takes over a block whose owners are dead. */
    private static @Nullable Block sweepBlocks(int[] all, List<Claim> claims) throws LinuxException {
        Map<String, Boolean> dead = new HashMap<>();
        for (int first : all) {
            for (Claim claim : claims) {
                claim.sweep(first, dead);
            }
            if (claim(first, claims)) {
                return new Block(first, claims);
            }
        }
        return null;
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
