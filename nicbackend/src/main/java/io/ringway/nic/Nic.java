package io.ringway.nic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The network interface of a process: its ports, and one pipeline each way that all frames of all ports pass (M4).
 * Whoever adds a kind of port adds it here, and nowhere else. Any thread.
 */
public final class Nic implements AutoCloseable {
    private final TransmitPipeline transmit = new TransmitPipeline();
    private final ReceivePipeline receive = new ReceivePipeline();
    private final List<Attached> ports = new CopyOnWriteArrayList<>();

    /** A port and the queues that were opened on it, which are kept for what they have counted. */
    private record Attached(Port port, List<DeviceQueue> queues) {}

    /** Adds a port. Ports are asked for routes in the order in which they were added. */
    public synchronized void add(Port port) {
        for (Attached other : ports) {
            if (other.port.name().equals(port.name())) {
                throw new IllegalArgumentException("two ports are called " + port.name());
            }
        }
        ports.add(new Attached(port, new CopyOnWriteArrayList<>()));
    }

    public List<Port> ports() {
        List<Port> all = new ArrayList<>();
        for (Attached a : ports) {
            all.add(a.port);
        }
        return all;
    }

    public TransmitPipeline transmitPipeline() {
        return transmit;
    }

    public ReceivePipeline receivePipeline() {
        return receive;
    }

    /**
     * A further queue of a port, behind the pipelines: what the port lacks is completed there. A port that lacks nothing
     * is reached directly.
     *
     * @throws IllegalStateException when the port can have no more
     */
    public DeviceQueue openQueue(Port port) {
        for (Attached a : ports) {
            if (a.port == port) {
                DeviceQueue queue = behindPipelines(port.openQueue());
                a.queues.add(queue);
                return queue;
            }
        }
        throw new IllegalArgumentException(port.name() + " is no port of this NIC");
    }

    /** The pipelines make new capabilities only where something is missing. */
    @SuppressWarnings("ReferenceEquality")
    private DeviceQueue behindPipelines(DeviceQueue queue) {
        Capabilities own = queue.capabilities();
        Capabilities completed = receive.complete(transmit.complete(own));
        return completed == own
                ? queue
                : new PipelineQueue(queue, completed, transmit.stage(queue), receive.stage(queue));
    }

    /**
     * Looks for a way to {@code destination} through the ports, in their order. As {@link Port#resolve}: not for the
     * data path.
     *
     * @return the first way found, else the first refusal by a port that leads there, else the first port's
     */
    public Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        Resolution refusal = null;
        for (Attached a : ports) {
            Resolution resolution = a.port.resolve(destination, source);
            if (resolution instanceof Resolution.Found) {
                return resolution;
            }
            if (refusal == null || leadsElsewhere(refusal) && !leadsElsewhere(resolution)) {
                refusal = resolution;
            }
        }
        return refusal == null ? new Resolution.Refused(Resolution.Reason.NO_ROUTE) : refusal;
    }

    /** The port just doesn't have the destination; nothing is wrong with it. */
    private static boolean leadsElsewhere(Resolution refusal) {
        return refusal instanceof Resolution.Refused refused
                && (refused.reason() == Resolution.Reason.NO_ROUTE
                        || refused.reason() == Resolution.Reason.PEER_NOT_ON_FABRIC);
    }

    /** What each port has counted, by the port's name and the counter's. Values may be a moment old. */
    public Map<String, Map<String, Long>> counters() {
        Map<String, Map<String, Long>> all = new LinkedHashMap<>();
        for (Attached a : ports) {
            PortCounters sum = new PortCounters();
            for (DeviceQueue queue : a.queues) {
                queue.count(sum);
            }
            a.port.count(sum);
            all.put(a.port.name(), sum.values());
        }
        return all;
    }

    /** Closes all ports. */
    @Override
    public void close() {
        for (Attached a : ports) {
            a.port.close();
        }
    }
}
