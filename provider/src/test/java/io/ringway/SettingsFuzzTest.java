package io.ringway;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Any lines of keys and values, as properties and as a file: only their own exception may come of it. */
class SettingsFuzzTest {
    private static Path file;

    @BeforeAll
    static void makeFile() throws IOException {
        file = Files.createTempFile("ringway", ".properties");
    }

    @AfterAll
    static void removeFile() throws IOException {
        Files.delete(file);
    }

    @FuzzTest(maxDuration = "60s")
    void anySettingsAreReadOrRefused(byte[] input) throws IOException {
        Properties given = new Properties();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n", 20)) {
            int equals = line.indexOf('=');
            String key = equals < 0 ? line : line.substring(0, equals);
            String value = equals < 0 ? "" : line.substring(equals + 1);
            SettingKey known = key.length() == 1 ? known(key.charAt(0)) : null;
            if (known != SettingKey.CONFIG && !key.equals(SettingKey.CONFIG.key())) {
                given.setProperty(known == null ? "ringway." + key : known.key(), value);
            }
        }
        read(given);

        Files.write(file, input);
        Properties naming = new Properties();
        naming.setProperty(SettingKey.CONFIG.key(), file.toString());
        read(naming);
    }

    /** One letter is enough to name a key. */
    private static SettingKey known(char letter) {
        SettingKey[] all = SettingKey.values();
        return letter >= 'a' && letter < 'a' + all.length ? all[letter - 'a'] : null;
    }

    private static void read(Properties given) {
        try {
            Settings read = Settings.of(given);
            assertTrue(read.memoryBytes() >= 16 << 20 || read.memoryPercent() >= 1, "memory");
            assertTrue(read.memoryPercent() <= 100 && read.spinNanos() >= 0 && read.spinNanos() <= 1_000_000_000L);
        } catch (InvalidSettingException e) {
            assertNotNull(e.getMessage());
        }
    }
}
