package io.ringway.compat.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** Ringway's counters of connections, read over JMX; nothing is read or asserted on another provider. */
public final class ManagementBean {
    private static final String NAME = "io.ringway:type=Ringway";

    private ManagementBean() {}

    /** Connections that took the fast path, up to now. */
    public static long acceleratedConnections() {
        return attribute("AcceleratedConnections");
    }

    /** Connections that went to the kernel, up to now. */
    public static long kernelConnections() {
        return attribute("KernelConnections");
    }

    /** Buffers of gathering writes that shared a descriptor with the buffer before them, up to now. */
    public static long descriptorsMerged() {
        return attribute("DescriptorsMerged");
    }

    /** Runs the action, which opens a connection; where the provider accelerates, the connection must be counted. */
    public static void assertAccelerated(Background.Action opens) throws Exception {
        if (!ProviderUnderTest.current().accelerates()) {
            opens.run();
            return;
        }
        long before = counted() ? acceleratedConnections() : 0;
        opens.run();
        Await.until("more than " + before + " accelerated connections", () -> acceleratedConnections() > before);
    }

    /**
     * Runs the action, which opens connections between programs on this provider: where it accelerates, every one of them
     * must be accelerated, and elsewhere none.
     */
    public static void assertPath(Background.Action opens) throws Exception {
        if (ProviderUnderTest.current().accelerates()) {
            bringUp();
            long kernel = kernelConnections();
            assertAccelerated(opens);
            assertEquals(kernel, kernelConnections(), () -> "over the kernel, by reason: " + byReason());
        } else {
            assertKernel(opens);
        }
    }

    /** Runs the action, which opens connections to or from a program on the JDK's provider: all go over the kernel. */
    public static void assertKernel(Background.Action opens) throws Exception {
        if (ProviderUnderTest.current() == ProviderUnderTest.JDK) {
            opens.run();
            return;
        }
        bringUp();
        long accelerated = acceleratedConnections();
        long kernel = kernelConnections();
        opens.run();
        Await.until("more than " + kernel + " connections over the kernel", () -> kernelConnections() > kernel);
        assertEquals(accelerated, acceleratedConnections(), "accelerated connections");
    }

    /** The first bind makes Ringway begin, so that the bean comes and counts before the action does. */
    private static void bringUp() throws Exception {
        if (!counted()) {
            ServerSocketChannel.open().bind(Loopback.anyPort()).close();
            Await.until("the bean " + NAME, ManagementBean::counted);
        }
    }

    private static boolean counted() throws JMException {
        return ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName(NAME));
    }

    /** What a port of Ringway's NIC has counted, by name. */
    public static Map<String, Long> port(String port) {
        Map<String, Long> counters = new TreeMap<>();
        for (Object row : ((TabularData) value("Ports")).values()) {
            CompositeData entry = (CompositeData) row;
            if (entry.get("key").equals(port)) {
                counters.putAll(numbers((TabularData) entry.get("value")));
            }
        }
        return counters;
    }

    private static Map<String, Long> byReason() {
        return numbers((TabularData) value("ConnectionsByReason"));
    }

    private static Map<String, Long> numbers(TabularData table) {
        Map<String, Long> numbers = new TreeMap<>();
        for (Object row : table.values()) {
            CompositeData entry = (CompositeData) row;
            numbers.put((String) entry.get("key"), (Long) entry.get("value"));
        }
        return numbers;
    }

    /** A counter by its name. */
    public static long counter(String name) {
        return attribute(name);
    }

    private static long attribute(String name) {
        return ((Number) value(name)).longValue();
    }

    private static Object value(String name) {
        try {
            bringUp();
            return ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(NAME), name);
        } catch (Exception e) {
            throw new AssertionError("attribute " + name + " of " + NAME, e);
        }
    }
}
