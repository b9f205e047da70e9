package io.ringway.nio;

import io.ringway.Settings;
import io.ringway.linux.LinuxException;
import io.ringway.linux.Platform;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Nic;
import io.ringway.nic.Port;
import io.ringway.nic.Resolution;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.wrap.CaptureFile;
import io.ringway.nic.wrap.CapturePort;
import io.ringway.nic.wrap.FaultPort;
import io.ringway.nic.wrap.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The NIC of this process with the ports that the settings ask for, and what stands around them. Any thread. */
final class ProcessNic implements AutoCloseable {
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
     * @throws LinuxException when the system gives no shared memory, or no descriptors: then later it may
     * @throws IOException when there is no directory to meet others in, or too little memory is given for a port
     */
    static ProcessNic open(Settings settings) throws IOException {
        FabricPorts ports = FabricPorts.open(settings);
        try {
            return new ProcessNic(settings, ports.opened(), ports.left());
        } catch (RuntimeException e) {
            ports.close();
            throw e;
        }
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

    /** What went wrong last with the capture, or else on each port, with its name where there are several; may be empty. */
    String lastTrouble() {
        if (!trouble.isEmpty()) {
            return trouble;
        }
        CaptureFile file = capture;
        if (file != null && !file.trouble().isEmpty()) {
            return file.trouble();
        }
        List<String> notes = new ArrayList<>();
        for (FabricPort fabric : fabrics) {
            String note = fabric.lastTrouble();
            if (!note.isEmpty()) {
                notes.add(fabrics.size() == 1 ? note : fabric.name() + ": " + note);
            }
        }
        return String.join("; ", notes);
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
