package io.ringway.compat.faults;

import java.nio.channels.SocketChannel;

/** Connects and sends. Arguments: host, port, how many bytes, and how to end. */
final class Sender {
    /** What follows the last byte. */
    enum Ending {
        HALT,
        EXIT,
        RETURN,
        CLOSE,
        STAY
    }

    private Sender() {}

    public static void main(String[] arguments) throws Exception {
        SocketChannel channel = Child.connect(arguments[0], arguments[1]);
        long total = Long.parseLong(arguments[2]);
        Child.send(channel, total);
        Child.print("sent " + total);
        switch (Ending.valueOf(arguments[3])) {
            case HALT -> Runtime.getRuntime().halt(0);
            case EXIT -> System.exit(0);
            case CLOSE -> channel.close();
            case STAY -> Child.awaitParent();
            default -> {}
        }
    }
}
