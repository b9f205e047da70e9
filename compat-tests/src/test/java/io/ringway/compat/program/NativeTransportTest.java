package io.ringway.compat.program;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.Parent;
import io.ringway.compat.support.ProviderUnderTest;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program whose Netty has loaded a native transport is told that its connections go past Ringway. */
class NativeTransportTest {
    @TempDir
    private Path directory;

    /** Maps the file that it is given, as a program that loads it would, and uses TCP. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (FileChannel file = FileChannel.open(Path.of(arguments[0]))) {
                MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
                ServerSocketChannel.open().bind(Loopback.anyPort()).close();
                Parent.awaitEnd();
                Reference.reachabilityFence(mapped);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void theUserIsTold(String transport) throws Exception {
        assumeFalse(ProviderUnderTest.current() == ProviderUnderTest.JDK, "nobody tells");
        Path library = directory.resolve("libnetty_transport_native_" + transport + "_x86_64.so");
        Files.write(library, new byte[100]);
        try (ChildJvm child = ChildJvm.start(Program.class, library)) {
            child.expectError("native transport " + transport);
            child.expectError("-Dio.netty.transport.noNative=true");
        }
    }
}
