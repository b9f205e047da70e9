package io.ringway.agent.command;

import io.ringway.SettingKey;
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

    static int print(PrintWriter out, @Nullable Path directory) throws CommandException {
        Optional<String> unsupported = Platform.unsupported();
        if (unsupported.isPresent()) {
            throw new CommandException(unsupported.get());
        }
        List<GuestStatus> guests;
        try {
            guests = FabricDirectory.queryAll(directory == null ? configured() : directory, ANSWER_MILLIS);
        } catch (IOException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
        if (guests.isEmpty()) {
            out.println("no Ringway process of this user has a listener or connection on the fabric");
        }
        for (GuestStatus guest : guests) {
            out.println("process " + guest.pid() + (guest.name().isEmpty() ? "" : " (" + guest.name() + ")"));
            guest.status().lines().forEach(l -> out.println("  " + l));
        }
        out.flush();
        return 0;
    }

    private static @Nullable Path configured() {
        String text = System.getProperty(SettingKey.FABRIC_DIRECTORY.key(), "");
        return text.isEmpty() ? null : Path.of(text);
    }
}
