package io.ringway.nio;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** For tests with two places where processes can find each other, neither of which is there yet. */
abstract class TwoDirectories {
    @TempDir
    Path temporary;

    Path a;
    Path b;

    @BeforeEach
    void places() {
        a = temporary.resolve("a");
        b = temporary.resolve("b");
    }
}
