package io.ringway.compat.surroundings;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** Takes all descriptors that this process may have. */
final class Descriptors {
    private final Deque<DatagramChannel> held = new ArrayDeque<>();

    /** Takes what is left, and returns how the system refused the next one. */
    IOException takeAll() {
        while (true) {
            try {
                held.add(DatagramChannel.open());
            } catch (IOException e) {
                return e;
            }
        }
    }

    /** Gives some back. */
    void give(int number) throws IOException {
        for (int i = 0; i < number; i++) {
            held.remove().close();
        }
    }
}
