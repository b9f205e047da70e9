package io.ringway.nio;

import io.ringway.SettingKey;
import io.ringway.Settings;
import io.ringway.linux.LinuxException;
import io.ringway.linux.Platform;
import io.ringway.nic.fabric.FabricDirectory;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shared-memory NICs of a process: one for each directory of the settings, leaving out what can't be used. One
 * thread.
 */
final class FabricPorts implements AutoCloseable {
    private static final int PERCENT = 100;

    private final Settings settings;

    /** Directories by their number from 1 on; null is the default one. */
    private final Map<Integer, @Nullable Path> usable = new TreeMap<>();

    private final List<FabricPort> opened = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private @Nullable LinuxException refusal;

    private FabricPorts(Settings settings) {
        this.settings = settings;
    }

    /**
     * Opens them.
     *
     * @throws LinuxException when the system gives no shared memory for any, or has no descriptors left at the moment
     * @throws IOException when no directory can be used, or the memory of the settings is too little for one
     */
    static FabricPorts open(Settings settings) throws IOException {
        FabricPorts ports = new FabricPorts(settings);
        try {
            ports.findUsable();
            ports.openAll();
            return ports;
        } catch (IOException | RuntimeException e) {
            ports.close();
            throw e;
        }
    }

    /** In the order of their directories; at least one. */
    List<FabricPort> opened() {
        return opened;
    }

    /** Why other directories are not used: a sentence for each. */
    List<String> left() {
        return left;
    }

    private void findUsable() throws IOException {
        List<Path> directories = settings.fabricDirectories();
        if (directories.size() <= 1) {
            Path only = directories.isEmpty() ? null : directories.getFirst();
            FabricDirectory.checkUsable(only);
            usable.put(1, only);
            return;
        }
        for (int i = 0; i < directories.size(); i++) {
            try {
                FabricDirectory.checkUsable(directories.get(i));
                checkNew(directories.get(i));
                usable.put(i + 1, directories.get(i));
            } catch (IOException e) {
                left.add(String.valueOf(e.getMessage()));
            }
        }
        if (usable.isEmpty()) {
            throw new IOException(String.join("; ", left));
        }
    }

    /** A second port in the same directory would be of no use. */
    private void checkNew(Path directory) throws IOException {
        for (Path other : usable.values()) {
            if (other != null && FabricDirectory.isSame(directory, other)) {
                throw new IOException(directory + " and " + other + " are the same directory");
            }
        }
    }

    private void openAll() throws IOException {
        long all = memoryBytes();
        int parts = (int) Math.min(usable.size(), all / FabricSettings.LEAST_MEMORY);
        if (parts == 0) {
            throw new IOException(tooLittle(all));
        }
        int tried = 0;
        for (Map.Entry<Integer, @Nullable Path> each : usable.entrySet()) {
            if (tried++ < parts) {
                open(each.getKey(), each.getValue(), all / parts);
            } else {
                left.add(tooLittle(all) + ": " + each.getValue() + " is not used");
            }
        }
        LinuxException none = refusal;
        if (opened.isEmpty() && none != null) {
            throw none;
        }
    }

    /**
     * The name of any but the first has its number behind it. One for which the system has no memory is left out; without
     * descriptors all is tried again later.
     */
    private void open(int number, @Nullable Path directory, long memoryBytes) throws LinuxException {
        FabricSettings own = FabricSettings.defaults()
                .withDirectory(directory)
                .withMemoryBytes(memoryBytes)
                .withGuestName(settings.fabricName())
                .withMtu(settings.fabricMtu());
        try {
            String name = number == 1 ? FabricPort.NAME : FabricPort.NAME + "-" + number;
            opened.add(FabricPort.open(own, name, opened.isEmpty() ? null : opened.getFirst()));
        } catch (LinuxException e) {
            if (e.isOutOfDescriptors()) {
                throw e;
            }
            refusal = e;
            left.add("no port in " + directory + ": " + e.getMessage());
        }
    }

    /** Bound on the memory that this process shares, with all ports together. */
    private long memoryBytes() {
        long given = settings.memoryBytes();
        return given != 0 ? given : Platform.memoryLimit() / PERCENT * settings.memoryPercent();
    }

    private String tooLittle(long all) {
        String value = settings.memoryBytes() != 0 ? Long.toString(all) : settings.memoryPercent() + "%";
        return SettingKey.MEMORY.key() + "=" + value + ": " + all + " bytes are too little for " + usable.size()
                + (usable.size() == 1 ? " directory" : " directories") + ", of which each needs "
                + FabricSettings.LEAST_MEMORY;
    }

    /** Closes the ports. */
    @Override
    public void close() {
        opened.forEach(FabricPort::close);
    }
}
