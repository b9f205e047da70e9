package io.ringway.compat.faults;

import java.nio.channels.SocketChannel;

/** Connects, receives to the end of the stream and prints how much came. Arguments: host and port. */
final class Receiver {
    private Receiver() {}

    public static void main(String[] arguments) throws Exception {
        try (SocketChannel channel = Child.connect(arguments[0], arguments[1])) {
            Child.print("received " + Child.receive(channel));
        }
        Child.awaitParent();
    }
}
