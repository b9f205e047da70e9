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
 * so that nobody who could meet it there has the same numbers. Where no block is free in all of them, one in the
 * directory that needs it will do. A number serves any number of connections, to one destination each, as in the kernel.
 * Any thread.
 */
final class PortBlocks {
    static final int BLOCK = 128;

    /** After a search in vain, the next one is not before this: it looks at every block, in every directory. */
    static final long REST_NANOS = 1_000_000_000L;

    /** So many blocks that are taken are taken by the living; with more in a row, it is looked whether they live. */
    private static final int BELIEVED = 8;

    private static final int LOWEST = 10240;
    private static final int BEYOND = 65536;

    /** The places of this process in all its directories. */
    private final List<Presence> members = new CopyOnWriteArrayList<>();

    /** Each with another first port. */
    private final List<Block> blocks = new ArrayList<>();
    /** What connections to a destination use: places in the blocks, counted through. */
    private final Map<IpEndpoint, BitSet> used = new HashMap<>();
    /** When it was found that no block is free in all directories; null if it never was. */
    private @Nullable Long noneEverywhere;
    /** When it was found that no block is free in the directory alone. */
    private final Map<Presence, Long> noneAlone = new HashMap<>();
    /**
     * Where the next search begins, so that a number rests before it is used again. At first it is anywhere in a block:
     * processes in different directories, which may claim the same one, seldom have the same number for one they both meet.
     */
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
            if (owner == null || owner.equals(member.owner())) {
                return;
            }
            Boolean known = dead.get(owner);
            if (known == null) {
                known = isDead(directory, owner);
                dead.put(owner, known);
            }
            if (known) {
                directory.removeIf(name(first), owner);
            }
        }

        /**
         * The directory has failed: it is told of, and the others do without it.
         *
         * @throws LinuxException {@code why}, when it is the directory of {@code asking}
         */
        void failed(Presence asking, LinuxException why) throws LinuxException {
            if (member == asking) {
                throw why;
            }
            member.note("no port numbers are claimed in " + directory.path() + ": " + why.getMessage());
        }
    }

    /** This process is in a further directory. */
    synchronized void join(Presence member) {
        if (members.isEmpty()) {
            next = (int) Math.floorMod(member.nonce() >>> Integer.SIZE, (long) BLOCK);
        }
        members.add(member);
    }

    static String name(int first) {
        return "p-" + first;
    }

    /**
     * A port that this process doesn't use for {@code destination} and no other may, or 0.
     *
     * @param asking where the connection will be; its directory is there, and so is its rendezvous
     * @param now in nanoseconds, as of {@link System#nanoTime}
     * @throws IOException when the directory of {@code asking} can't be used; the trouble of others is only noted
     */
    synchronized int take(Presence asking, IpEndpoint destination, long now) throws IOException {
        BitSet taken = used.get(destination);
        if (taken == null) {
            taken = new BitSet();
        }
        int place = free(taken, asking);
        while (place >= places()) {
            if (!claimBlock(asking, now)) {
                return 0;
            }
            place = free(taken, asking);
        }
        taken.set(place);
        used.put(destination, taken);
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

    /** Claims a further block in all directories, or else in that of {@code asking} alone; false if there is none. */
    private boolean claimBlock(Presence asking, long now) throws IOException {
        if (isRecent(noneAlone.get(asking), now)) {
            return false;
        }
        int[] all = candidates();
        if (members.size() > 1 && !isRecent(noneEverywhere, now)) {
            if (claimOneOf(all, claims(asking), asking)) {
                return true;
            }
            noneEverywhere = now;
        }
        List<Claim> alone = new ArrayList<>();
        alone.add(new Claim(asking, asking.attended()));
        if (claimOneOf(all, alone, asking)) {
            return true;
        }
        noneAlone.put(asking, now);
        return false;
    }

    private static boolean isRecent(@Nullable Long time, long now) {
        return time != null && now - time < REST_NANOS;
    }

    /** All directories that can be used. */
    private List<Claim> claims(Presence asking) throws IOException {
        List<Claim> claims = new ArrayList<>();
        for (Presence member : members) {
            FabricDirectory directory = member == asking ? asking.attended() : member.attendedIfUsable();
            if (directory != null) {
                claims.add(new Claim(member, directory));
            }
        }
        return claims;
    }

    /** Claims the first block that is free, or one whose owners are dead. */
    private boolean claimOneOf(int[] all, List<Claim> claims, Presence asking) throws LinuxException {
        int start = all.length == 0 ? 0 : Math.floorMod(asking.nonce() * 31 + blocks.size(), all.length);
        Map<String, Boolean> dead = new HashMap<>();
        for (int i = 0; i < all.length; i++) {
            int first = all[(start + i) % all.length];
            boolean doubtful = i >= BELIEVED && i < 2 * BELIEVED;
            if (claim(first, claims, asking) || doubtful && claimFromDead(first, claims, asking, dead)) {
                return true;
            }
        }
        for (int first : all) {
            if (claimFromDead(first, claims, asking, dead)) {
                return true;
            }
        }
        return false;
    }

    private boolean claimFromDead(int first, List<Claim> claims, Presence asking, Map<String, Boolean> dead)
            throws LinuxException {
        sweep(first, claims, asking, dead);
        return claim(first, claims, asking);
    }

    /** Everywhere or nowhere. A directory that fails is not among {@code claims} any more, unless it is the asking one's. */
    private boolean claim(int first, List<Claim> claims, Presence asking) throws LinuxException {
        int made = 0;
        while (made < claims.size()) {
            Claim claim = claims.get(made);
            boolean isMade;
            try {
                isMade = claim.make(first);
            } catch (LinuxException e) {
                failed(first, claims, made, asking, e);
                continue;
            }
            if (!isMade) {
                takeBack(first, claims, made);
                return false;
            }
            made++;
        }
        add(first, claims);
        return true;
    }

    /** Goes on without the directory that has failed, or takes back what was made in those before it. */
    private static void failed(int first, List<Claim> claims, int at, Presence asking, LinuxException why)
            throws LinuxException {
        try {
            claims.get(at).failed(asking, why);
            claims.remove(at);
        } catch (LinuxException e) {
            takeBack(first, claims, at);
            throw e;
        }
    }

    private static void takeBack(int first, List<Claim> claims, int count) {
        for (int i = 0; i < count; i++) {
            claims.get(i).takeBack(first);
        }
    }

    /** The block is claimed. A number has one place: a block that was claimed elsewhere before is now good here too. */
    private void add(int first, List<Claim> claims) {
        for (Block block : blocks) {
            if (block.first == first) {
                block.claims.addAll(claims);
                return;
            }
        }
        blocks.add(new Block(first, claims));
    }

    /** Removes the records of dead processes. */
    private static void sweep(int first, List<Claim> claims, Presence asking, Map<String, Boolean> dead)
            throws LinuxException {
        for (Iterator<Claim> each = claims.iterator(); each.hasNext(); ) {
            Claim claim = each.next();
            try {
                claim.sweep(first, dead);
            } catch (LinuxException e) {
                claim.failed(asking, e);
                each.remove();
            }
        }
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
