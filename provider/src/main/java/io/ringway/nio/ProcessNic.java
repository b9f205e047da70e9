package io.ringway.nio;

import io.ringway.Settings;
import io.ringway.linux.LinuxException;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The NIC of this process with the ports that the settings ask for, and what stands around them. Any thread. */
final class ProcessNic implements AutoCloseable {
    private static final int PERCENT = 100;

    private final Nic nic = new Nic();
    private final FabricPort fabric;
    private final Port port;
    private final @Nullable CaptureFile capture;
    private final String trouble;

    private ProcessNic(Settings settings, FabricPort fabric) {
        this.fabric = fabric;
        Faults faults = settings.faults();
        Port around = faults == null ? fabric : new FaultPort(fabric, faults, System::nanoTime);
        CaptureFile file = null;
        String why = "";
        if (!settings.capture().isEmpty()) {
            try {
                file = CaptureFile.create(path(settings.capture()), settings.captureBytes(), fabric.name());
                around = new CapturePort(around, file);
            } catch (IOException e) {
                why = "no capture: " + e;
            }
        }
        capture = file;
        trouble = why;
        port = around;
        nic.add(port);
    }

    private static Path path(String capture) {
        return Path.of(capture.replace("%p", Long.toString(Platform.processId())));
    }

    /** @throws IOException when the system gives no shared memory, or no directory to meet others in */
    static ProcessNic open(Settings settings) throws IOException {
        FabricDirectory.checkUsable(settings.fabricDirectory());
        return new ProcessNic(settings, openFabric(settings));
    }

    private static FabricPort openFabric(Settings settings) throws LinuxException {
        return FabricPort.open(FabricSettings.defaults()
                .withDirectory(settings.fabricDirectory())
                .withMemoryBytes(memoryBytes(settings))
                .withGuestName(settings.fabricName())
                .withMtu(settings.fabricMtu()));
    }

    /** Bound on the memory that this process shares. */
    static long memoryBytes(Settings settings) {
        long given = settings.memoryBytes();
        return given != 0 ? given : Platform.memoryLimit() / PERCENT * settings.memoryPercent();
    }

    /** The shared-memory NIC, without what stands around it. */
    FabricPort fabric() {
        return fabric;
    }

    /** The port that connections use. */
    Port port() {
        return port;
    }

    /** Looks for a way through the ports. */
    Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return nic.resolve(destination, source);
    }

    /** A further device queue behind the pipelines. */
    DeviceQueue openQueue() {
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
        return file == null || file.trouble().isEmpty() ? fabric.lastTrouble() : file.trouble();
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
