package io.ringway.agent.command;

import io.ringway.InvalidSettingException;
import io.ringway.SettingKey;
import io.ringway.Settings;
import io.ringway.linux.Platform;
import io.ringway.nic.fabric.FabricDirectory;
import io.ringway.nic.fabric.FabricDirectory.GuestStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the processes on the fabric say of themselves. */
final class Listing {
    private static final int ANSWER_MILLIS = 1_000;

    private Listing() {}

    /**
     * Prints what is in the directories, one after the other.
     *
     * @param given where to look; null for the system property's directories, or the default one
     */
    static int print(PrintWriter out, @Nullable List<Path> given) throws CommandException {
        Optional<String> unsupported = Platform.unsupported();
        if (unsupported.isPresent()) {
            throw new CommandException(unsupported.get());
        }
        List<Path> directories = given == null ? configured() : given;
        if (directories.size() <= 1) {
            printGuests(out, query(directories.isEmpty() ? null : directories.getFirst()));
        } else {
            printEach(out, directories);
        }
        out.flush();
        return 0;
    }

    /** One that can't be used doesn't keep the others from being listed. */
    private static void printEach(PrintWriter out, List<Path> directories) throws CommandException {
        CommandException last = null;
        int failed = 0;
        for (Path directory : directories) {
            out.println("directory " + directory);
            try {
                printGuests(out, query(directory));
            } catch (CommandException e) {
                out.println(e.getMessage());
                last = e;
                failed++;
            }
        }
        if (last != null && failed == directories.size()) {
            throw last;
        }
    }

    private static List<GuestStatus> query(@Nullable Path directory) throws CommandException {
        try {
            return FabricDirectory.queryAll(directory, ANSWER_MILLIS);
        } catch (IOException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }

    private static void printGuests(PrintWriter out, List<GuestStatus> guests) {
        if (guests.isEmpty()) {
            out.println("no Ringway process of this user has a listener or connection on the fabric");
        }
        for (GuestStatus guest : guests) {
            out.println("process " + guest.pid() + (guest.name().isEmpty() ? "" : " (" + guest.name() + ")"));
            guest.status().lines().forEach(l -> out.println("  " + l));
        }
    }

    private static List<Path> configured() throws CommandException {
        try {
            return Settings.directories(System.getProperty(SettingKey.FABRIC_DIRECTORY.key(), ""));
        } catch (InvalidSettingException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}
