package io.ringway.compat.observe;

import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ManagementBean;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerFactory;

/** Binds, waits for longer than the provider takes with all that it does after the first bind, and asks for beans then. */
final class Managed {
    private static final long LONG = 3;

    private Managed() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            System.out.println("open " + listener.isOpen());
            TimeUnit.SECONDS.sleep(LONG);
            System.out.println(
                    "servers " + MBeanServerFactory.findMBeanServer(null).size());
            if (Boolean.parseBoolean(arguments[0])) {
                System.out.println("connections " + ManagementBean.acceleratedConnections());
            }
        }
    }
}
