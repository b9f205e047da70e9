package io.ringway.nio;

import io.ringway.Settings;
import io.ringway.linux.Platform;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Nic;
import io.ringway.nic.Port;
import io.ringway.nic.Resolution;
import io.ringway.nic.fabric.FabricDirectory;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricSettings;
import io.ringway.nic.wrap.CaptureFile;
import io.ringway.nic.wrap.CapturePort;
import io.ringway.nic.wrap.FaultPort;
import io.ringway.nic.wrap.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The NIC of this process with the ports that the settings ask for, and what stands around them. Any thread. */
final class ProcessNic implements AutoCloseable {
    private static final int PERCENT = 100;

    /** What the port of the first directory is called; the n-th one's name has the number n behind it. */
    private static final String FABRIC = "fabric";

    private final Nic nic = new Nic();
    private final List<FabricPort> fabrics;
    private final List<Port> ports;
    private final List<String> left;
    private final @Nullable CaptureFile capture;
    private final String trouble;

    private ProcessNic(Settings settings, List<FabricPort> fabrics, List<String> left) {
        this.fabrics = List.copyOf(fabrics);
        this.left = List.copyOf(left);
        CaptureFile file = null;
        String why = "";
        if (!settings.capture().isEmpty()) {
            try {
                List<String> names = fabrics.stream().map(FabricPort::name).toList();
                file = CaptureFile.create(path(settings.capture()), settings.captureBytes(), names);
            } catch (IOException e) {
                why = "no capture: " + e;
            }
        }
        capture = file;
        trouble = why;
        for (FabricPort fabric : fabrics) {
            nic.add(around(fabric, settings.faults(), file));
        }
        ports = List.copyOf(nic.ports());
    }

    private static Port around(FabricPort fabric, @Nullable Faults faults, @Nullable CaptureFile file) {
        Port around = faults == null ? fabric : new FaultPort(fabric, faults, System::nanoTime);
        return file == null ? around : new CapturePort(around, file);
    }

    private static Path path(String capture) {
        return Path.of(capture.replace("%p", Long.toString(Platform.processId())));
    }

    /**
     * Opens a port for each directory that can be used.
     *
     * @throws IOException when the system gives no shared memory, or there is no directory to meet others in
     */
    static ProcessNic open(Settings settings) throws IOException {
        List<String> left = new ArrayList<>();
        Map<Integer, @Nullable Path> usable = usable(settings.fabricDirectories(), left);
        List<FabricPort> opened = new ArrayList<>();
        try {
            for (Map.Entry<Integer, @Nullable Path> each : usable.entrySet()) {
                FabricSettings own = fabricSettings(settings, each.getKey(), each.getValue(), usable.size());
                opened.add(opened.isEmpty() ? FabricPort.open(own) : FabricPort.open(own, opened.getFirst()));
            }
            return new ProcessNic(settings, opened, left);
        } catch (IOException | RuntimeException e) {
            opened.forEach(FabricPort::close);
            throw e;
        }
    }

    /** The directories that can be used, by their number from 1 on; {@code left} hears why others can't. */
    private static Map<Integer, @Nullable Path> usable(List<Path> directories, List<String> left) throws IOException {
        Map<Integer, @Nullable Path> usable = new TreeMap<>();
        if (directories.size() <= 1) {
            Path only = directories.isEmpty() ? null : directories.getFirst();
            FabricDirectory.checkUsable(only);
            usable.put(1, only);
            return usable;
        }
        for (int i = 0; i < directories.size(); i++) {
            try {
                FabricDirectory.checkUsable(directories.get(i));
                checkNew(directories.get(i), directories.subList(0, i));
                usable.put(i + 1, directories.get(i));
            } catch (IOException e) {
                left.add(String.valueOf(e.getMessage()));
            }
        }
        if (usable.isEmpty()) {
            throw new IOException(String.join("; ", left));
        }
        return usable;
    }

    /** A second port in the same directory would be of no use. */
    private static void checkNew(Path directory, List<Path> before) throws IOException {
        for (Path other : before) {
            if (FabricDirectory.isSame(directory, other)) {
                throw new IOException(directory + " and " + other + " are the same directory");
            }
        }
    }

    private static FabricSettings fabricSettings(Settings settings, int number, @Nullable Path directory, int parts) {
        return FabricSettings.defaults()
                .withPortName(number == 1 ? FABRIC : FABRIC + "-" + number)
                .withDirectory(directory)
                .withMemoryBytes(memoryBytes(settings) / parts)
                .withGuestName(settings.fabricName())
                .withMtu(settings.fabricMtu());
    }

    /** Bound on the memory that this process shares, with all ports together. */
    private static long memoryBytes(Settings settings) {
        long given = settings.memoryBytes();
        return given != 0 ? given : Platform.memoryLimit() / PERCENT * settings.memoryPercent();
    }

    /** The shared-memory NICs, without what stands around them; at least one. */
    List<FabricPort> fabrics() {
        return fabrics;
    }

    /** The ports that connections use, in the order in which they are asked for routes; at least one. */
    List<Port> ports() {
        return ports;
    }

    /** Why directories that the settings name are not used: a sentence for each. */
    List<String> left() {
        return left;
    }

    /** Looks for a way through the ports. */
    Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return nic.resolve(destination, source);
    }

    /** A further device queue of one of the ports, behind the pipelines. */
    DeviceQueue openQueue(Port port) {
        return nic.openQueue(port);
    }

    Map<String, Map<String, Long>> counters() {
        return nic.counters();
    }

    /** The last thing that went wrong, or an empty text. */
    String lastTrouble() {
        if (!trouble.isEmpty()) {
            return trouble;
        }
        CaptureFile file = capture;
        if (file != null && !file.trouble().isEmpty()) {
            return file.trouble();
        }
        for (FabricPort fabric : fabrics) {
            if (!fabric.lastTrouble().isEmpty()) {
                return fabric.lastTrouble();
            }
        }
        return "";
    }

    /** The process ends: the capture gets its last block. */
    void ending() {
        CaptureFile file = capture;
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void close() {
        ending();
        nic.close();
    }
}
