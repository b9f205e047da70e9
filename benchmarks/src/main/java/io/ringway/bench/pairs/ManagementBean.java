package io.ringway.bench.pairs;

import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Adds the numbers of the management bean that the property {@code bench.bean} names, if it is set, to a result. */
final class ManagementBean {
    private static final long PATIENCE = 10_000_000_000L;
    private static final long PAUSE = 10_000_000L;

    private ManagementBean() {}

    static void addTo(Result result) {
        String name = System.getProperty("bench.bean");
        if (name == null) {
            return;
        }
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName bean = new ObjectName(name);
            await(server, bean);
            result.put("bean", server.isRegistered(bean) ? "present" : "absent");
            if (server.isRegistered(bean)) {
                for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
                    add(result, attribute.getName(), server.getAttribute(bean, attribute.getName()));
                }
            }
        } catch (JMException | RuntimeException e) {
            result.put("bean_error", e.toString());
        }
    }

    /** A program that has just begun may be faster than its bean. */
    private static void await(MBeanServer server, ObjectName bean) {
        long end = System.nanoTime() + PATIENCE;
        while (!server.isRegistered(bean) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static void add(Result result, String name, Object value) {
        if (value instanceof Number || value instanceof String || value instanceof Boolean) {
            result.put("bean." + name, value.toString());
        }
    }
}
