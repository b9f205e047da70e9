package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What processes that were killed have left in a directory: their sockets, their records, and records that they were
 * about to move. Nobody needs it, and whoever comes upon it removes it; but a name that nobody looks up would stay for
 * ever. So each process looks through a part of the directory once, and removes what is of the dead.
 */
final class Remains {
    /** So many names are looked at, from a place on that is another one for each process. */
    static final int MOST_NAMES = 256;
    /** Of at most so many. */
    private static final int MOST_LISTED = 1 << 14;
    /** And so many of those that live are disturbed, by a connection, to find that out. */
    private static final int MOST_PROCESSES = 64;

    private static final int DIGITS = 16;

    private final FabricDirectory directory;
    /** Which processes live, as far as it is known. */
    private final Map<Long, Boolean> alive = new HashMap<>();

    private int disturbed;

    /** The last name that could not be looked at or removed; the others were. */
    private @Nullable LinuxException trouble;

    private Remains(FabricDirectory directory) {
        this.directory = directory;
    }

    /**
     * Looks through the directory.
     *
     * @param living processes that are known to live
     * @param from any number: where to begin
     * @throws IOException when it can't be read, or something could not be removed from it; the rest was
     */
    static void sweep(FabricDirectory directory, Set<Long> living, long from) throws IOException {
        Remains remains = new Remains(directory);
        for (long process : living) {
            remains.alive.put(process, true);
        }
        List<String> names = directory.names(MOST_LISTED);
        int start = names.isEmpty() ? 0 : (int) Math.floorMod(from, (long) names.size());
        for (int i = 0; i < Math.min(names.size(), MOST_NAMES); i++) {
            remains.look(names.get((start + i) % names.size()));
        }
        LinuxException trouble = remains.trouble;
        if (trouble != null) {
            throw trouble;
        }
    }

    private void look(String name) {
        try {
            sweep(name);
        } catch (LinuxException e) {
            trouble = e;
        }
    }

    private void sweep(String name) throws LinuxException {
        boolean socket = FabricDirectory.isSocket(name);
        String text = socket ? name.substring(FabricDirectory.SOCKET.length()) : record(name);
        Long owner = text == null ? null : process(text);
        // The socket of one that is found dead is gone already.
        if (text != null && owner != null && isDead(owner) && !socket) {
            directory.removeIf(name, text);
        }
    }

    private @Nullable String record(String name) throws LinuxException {
        return FabricDirectory.isRecord(name) ? directory.read(name) : null;
    }

    /** The process that a name or a record begins with; null if it begins with something else. */
    private static @Nullable Long process(String text) {
        try {
            return text.length() < DIGITS ? null : Long.parseUnsignedLong(text.substring(0, DIGITS), 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether it is known to be dead, after asking if nobody has yet and there may be more questions. */
    private boolean isDead(long process) {
        Boolean known = alive.get(process);
        if (known == null && disturbed < MOST_PROCESSES) {
            known = directory.isAlive(process);
            alive.put(process, known);
            disturbed += known ? 1 : 0;
        }
        return known != null && !known;
    }
}
