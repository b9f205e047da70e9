package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Listener records with anything in them. */
class ListenerRecordFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyRecordIsReadOrRefused(byte[] input) {
        ListenerRecord found = ListenerRecord.parse(new String(input, StandardCharsets.UTF_8));
        if (found != null) {
            assertEquals(found, ListenerRecord.parse(found.text()));
        }
    }
}
