package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** Greetings with anything in them. */
class HelloFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyGreetingIsReadOrRefused(byte[] input) {
        ByteBuffer message = PeerStream.buffer(input.length).put(input).flip();
        Hello hello = Hello.read(message);
        if (hello == null) {
            return;
        }
        assertTrue(hello.name().chars().noneMatch(Character::isISOControl), "a name for people to read");
        ByteBuffer again = PeerStream.buffer(1024);
        hello.write(again);
        Hello copy = Hello.read(again.flip());
        assertNotNull(copy);
        assertEquals(hello.nonce(), copy.nonce());
        assertEquals(hello.pair(), copy.pair());
    }
}
