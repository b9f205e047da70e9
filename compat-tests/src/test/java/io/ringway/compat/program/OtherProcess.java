package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.ManagementBean;

/** One end of an exchange between two programs is in a JVM of its own, on this provider or on the JDK's. */
final class OtherProcess {
    private static final long WORK_SECONDS = 90;

    private OtherProcess() {}

    /** What a client does with the server at that port of 127.0.0.1. */
    @FunctionalInterface
    interface Client {
        void call(int port) throws Exception;
    }

    /** The server runs elsewhere, on this provider too. */
    static void serves(Class<?> server, Client client) throws Exception {
        try (ChildJvm child = ChildJvm.start(server)) {
            int port = (int) child.readNumber("port");
            ManagementBean.assertPath(() -> client.call(port));
        }
    }

    /** The server runs elsewhere, on the JDK's provider. */
    static void servesOnJdk(Class<?> server, Client client) throws Exception {
        try (ChildJvm child = ChildJvm.startOnJdk(server)) {
            int port = (int) child.readNumber("port");
            ManagementBean.assertKernel(() -> client.call(port));
        }
    }

    /** The client runs elsewhere, on the JDK's provider. */
    static void callsOnJdk(Class<?> client, int port) throws Exception {
        ManagementBean.assertKernel(() -> {
            try (ChildJvm child = ChildJvm.startOnJdk(client, port)) {
                assertEquals("done", child.readLine(WORK_SECONDS));
                assertEquals(0, child.awaitExit());
            }
        });
    }
}
