package io.ringway.compat.observe;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ManagementBean;
import java.nio.channels.ServerSocketChannel;
import java.util.stream.Stream;
import javax.management.MBeanServerFactory;

/** Binds, waits until the provider has done what it does after the first bind, and asks for beans then. */
final class Managed {
    private static final String ATTENDANCE = "ringway-attendance";

    private Managed() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            System.out.println("open " + listener.isOpen());
            Await.until("the provider has nothing else to do", Managed::isAttended);
            System.out.println(
                    "servers " + MBeanServerFactory.findMBeanServer(null).size());
            if (Boolean.parseBoolean(arguments[0])) {
                System.out.println("connections " + ManagementBean.acceleratedConnections());
            }
        }
    }

    /** Its thread, if there is one, has ended or waits for a bean server. */
    private static boolean isAttended() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().equals(ATTENDANCE))
                .allMatch(each -> each.getKey().getState() == Thread.State.TIMED_WAITING
                        && Stream.of(each.getValue())
                                .anyMatch(frame -> frame.getMethodName().equals("manage")));
    }
}
