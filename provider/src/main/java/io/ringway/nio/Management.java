package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.RingwayMXBean;
import io.ringway.nic.offload.RegisteredMemory;
import io.ringway.stack.StackCounters;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/** The management bean over the counters of a process. Any thread. */
final class Management implements RingwayMXBean {
    private static final String NAME = "io.ringway:type=Ringway";

    private final Datapath datapath;

    private Management(Datapath datapath) {
        this.datapath = datapath;
    }

    /**
     * Whether somebody has brought up the platform's bean server, which loads hundreds of classes: a program that nobody
     * manages has no use for it.
     *
     * @throws JMException never, unless the JDK's name of its own bean is none
     */
    static boolean isWanted() throws JMException {
        List<MBeanServer> servers = MBeanServerFactory.findMBeanServer(null);
        if (servers.isEmpty()) {
            return false;
        }
        ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
        for (MBeanServer server : servers) {
            if (server.isRegistered(runtime)) {
                return true;
            }
        }
        return false;
    }

    /** Makes the bean known to the platform's server. */
    static void register(Datapath datapath) {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(new Management(datapath), new ObjectName(NAME));
        } catch (JMException | RuntimeException e) {
            datapath.trouble("the management bean", e);
        }
    }

    private long sumStacks(ToLongFunction<StackCounters> counter) {
        long sum = 0;
        for (Lane lane : datapath.lanes()) {
            sum += counter.applyAsLong(lane.stack.counters());
        }
        return sum;
    }

    private long sumLists(ToLongFunction<UniqueList.Counters> counter) {
        long sum = datapath.statistics().closedLists(counter);
        for (RingwaySelector selector : datapath.statistics().selectors()) {
            sum += counter.applyAsLong(selector.uniqueListCounters());
        }
        return sum;
    }

    private long connections(boolean accelerated) {
        long sum = 0;
        for (PathReason reason : PathReason.values()) {
            if (reason.accelerated() == accelerated) {
                sum += datapath.statistics().connections(reason);
            }
        }
        return sum;
    }

    @Override
    public String getVersion() {
        return StartLine.version();
    }

    @Override
    public String getProfile() {
        return datapath.settings().profile().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public long getAcceleratedConnections() {
        return connections(true);
    }

    @Override
    public long getKernelConnections() {
        return connections(false);
    }

    @Override
    public Map<String, Long> getConnectionsByReason() {
        Map<String, Long> all = new TreeMap<>();
        for (PathReason reason : PathReason.values()) {
            all.put(reason.name(), datapath.statistics().connections(reason));
        }
        return all;
    }

    @Override
    public long getBytesReceived() {
        return sumStacks(c -> c.bytesReceived);
    }

    @Override
    public long getBytesSent() {
        return sumStacks(c -> c.bytesSent);
    }

    @Override
    public long getBytesCopiedIn() {
        return sumStacks(c -> c.bytesCopiedIn);
    }

    @Override
    public long getDescriptors() {
        return sumStacks(c -> c.descriptors);
    }

    @Override
    public long getDescriptorsMerged() {
        return sumStacks(c -> c.descriptorsMerged);
    }

    @Override
    public Map<String, Map<String, Long>> getPorts() {
        return datapath.portCounters();
    }

    @Override
    public long getBytesHandedOff() {
        return sumStacks(c -> c.bytesHandedOff);
    }

    @Override
    public long getBytesCopiedOut() {
        return sumStacks(c -> c.bytesCopiedOut);
    }

    @Override
    public long getBytesByReferenceIn() {
        return sumStacks(c -> c.bytesByReferenceIn);
    }

    @Override
    public long getBytesByReferenceOut() {
        return sumStacks(c -> c.bytesByReferenceOut);
    }

    /** A counter of the memory on loan; 0 while no port is open. */
    private long loans(ToLongFunction<RegisteredMemory> counter) {
        RegisteredMemory memory = datapath.registered();
        return memory == null ? 0 : counter.applyAsLong(memory);
    }

    @Override
    public long getRegisteredBytesCopied() {
        return loans(RegisteredMemory::copied);
    }

    @Override
    public long getRegisteredBytes() {
        // Idle queues don't look what has come back.
        datapath.reclaim();
        return loans(RegisteredMemory::pinned);
    }

    @Override
    public long getLentBytes() {
        return loans(RegisteredMemory::receivedPinned);
    }

    @Override
    public long getRegisteredBytesBound() {
        return loans(RegisteredMemory::bound);
    }

    @Override
    public long getRegistrationRefusals() {
        return loans(RegisteredMemory::refusals);
    }

    @Override
    public long getLoanRefusals() {
        return loans(RegisteredMemory::receiveRefusals);
    }

    @Override
    public long getLoansForgotten() {
        return loans(RegisteredMemory::leaks);
    }

    @Override
    public long getRegistrationCacheHits() {
        return loans(RegisteredMemory::hits);
    }

    @Override
    public long getRegistrationCacheMisses() {
        return loans(RegisteredMemory::misses);
    }

    @Override
    public int getUniqueListEntries() {
        return (int) sumLists(c -> c.entries);
    }

    @Override
    public long getUniqueListPolls() {
        return sumLists(c -> c.polls);
    }

    @Override
    public long getUniqueListPollHits() {
        return sumLists(c -> c.hits);
    }

    @Override
    public long getUniqueListPollMisses() {
        return sumLists(c -> c.misses);
    }

    @Override
    public long getUniqueListUpdates() {
        return sumLists(c -> c.updates);
    }

    @Override
    public long getPacketsByBusyPoll() {
        return sumStacks(c -> c.segmentsReceived) - getPacketsByInterrupt();
    }

    @Override
    public long getPacketsPredicted() {
        return sumStacks(c -> c.segmentsPredicted);
    }

    @Override
    public long getPacketsByInterrupt() {
        long sum = 0;
        for (Lane lane : datapath.lanes()) {
            sum += lane.packetsByInterrupt;
        }
        return sum;
    }

    @Override
    public long getCompletions() {
        return sumStacks(c -> c.completions);
    }

    @Override
    public long getEvents() {
        return sumStacks(c -> c.events);
    }

    @Override
    public long getWakeUps() {
        return datapath.statistics().wakeUps();
    }

    @Override
    public long getRequests() {
        return sumStacks(c -> c.requests);
    }

    @Override
    public long getRequestBatches() {
        return sumStacks(c -> c.requestBatches);
    }

    @Override
    public long getContextLoads() {
        return sumStacks(c -> c.contextLoads);
    }

    @Override
    public long getContextHits() {
        return sumStacks(c -> c.contextHits);
    }

    @Override
    public long getBulkFlowTurns() {
        return sumStacks(c -> c.bulkTurns);
    }

    @Override
    public long getBulkFlowBytes() {
        return sumStacks(c -> c.bulkTurnBytes);
    }

    @Override
    public long getSmallFlowTurns() {
        return sumStacks(c -> c.smallTurns);
    }

    @Override
    public long getSmallFlowBytes() {
        return sumStacks(c -> c.smallTurnBytes);
    }

    @Override
    public long getFlowDeferrals() {
        return sumStacks(c -> c.flowDeferrals);
    }

    @Override
    public long getFlowsHeldBack() {
        return sumStacks(c -> c.flowsHeldBack);
    }

    @Override
    public long getConnectionsMoved() {
        return sumStacks(c -> c.connectionsMoved);
    }

    @Override
    public long getSegmentsForwarded() {
        return sumStacks(c -> c.forwarded);
    }

    @Override
    public long getMalformed() {
        long garbage = 0;
        for (Lane lane : datapath.lanes()) {
            garbage += lane.queue.garbage();
        }
        return garbage + sumStacks(c -> c.malformed + c.foreign);
    }

    @Override
    public String getLastTrouble() {
        return datapath.lastTrouble();
    }

    @Override
    public String getListing() {
        return StatusText.of(datapath);
    }
}
