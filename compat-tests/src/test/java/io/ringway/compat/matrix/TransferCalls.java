package io.ringway.compat.matrix;

import static io.ringway.compat.matrix.SocketCalls.modal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Transfers between a channel and a file. Without anything to move, {@code transferTo} asks only channels of the JDK's
 * own class for their state.
 */
final class TransferCalls {
    private static final int SIZE = 12;

    private TransferCalls() {}

    static void addTo(List<ChannelCall<SocketChannel>> calls) {
        modal(calls, "transferTo", (c, in) -> withFile(file -> file.transferTo(0, SIZE, c)));
        modal(calls, "transferTo negative", (c, in) -> withFile(file -> file.transferTo(-1, SIZE, c)));
        modal(calls, "transferFrom", (c, in) -> withFile(file -> file.transferFrom(c, 0, SIZE)));
        modal(calls, "transferFrom nothing", (c, in) -> withFile(file -> file.transferFrom(c, 0, 0)));
        modal(calls, "transferFrom beyond", (c, in) -> withFile(file -> file.transferFrom(c, SIZE + 1L, SIZE)));
    }

    /** A transfer that tells how much it moved. */
    @FunctionalInterface
    private interface Transfer {
        long run(FileChannel file) throws IOException;
    }

    private static Object withFile(Transfer transfer) throws IOException {
        Path path = Files.createTempFile("ringway", "transfer");
        try {
            Files.write(path, new byte[SIZE]);
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return transfer.run(file);
            }
        } finally {
            Files.delete(path);
        }
    }
}
