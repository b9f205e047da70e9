package io.ringway.compat.support;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

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

    private static boolean counted() throws JMException {
        return ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName(NAME));
    }

    private static long attribute(String name) {
        try {
            // The bean comes a moment after the first bind or connect.
            Await.until("the bean " + NAME, ManagementBean::counted);
            Object value = ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(NAME), name);
            return ((Number) value).longValue();
        } catch (Exception e) {
            throw new AssertionError("attribute " + name + " of " + NAME, e);
        }
    }
}
