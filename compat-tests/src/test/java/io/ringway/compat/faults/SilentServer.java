package io.ringway.compat.faults;

import java.nio.channels.ServerSocketChannel;

/** Listens and never accepts. Argument: the kind of loopback address to bind to. */
final class SilentServer {
    private SilentServer() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocketChannel listener = Child.listen(arguments[0])) {
            Child.awaitParent();
            Child.print("still open " + listener.isOpen());
        }
    }
}
