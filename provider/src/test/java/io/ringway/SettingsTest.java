package io.ringway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.IpEndpoint;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static Settings with(String... pairs) {
        Properties p = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            p.setProperty(pairs[i], pairs[i + 1]);
        }
        return Settings.of(p);
    }

    @Test
    void nothingConfiguredGivesTheDefaults() {
        Settings s = with();
        assertEquals(Profile.BALANCED, s.profile());
        assertEquals(60_000, s.spinNanos());
        assertEquals(25, s.memoryPercent());
        assertEquals(64 << 20, s.registeredBytes());
        assertFalse(s.strict());
        assertTrue(s.mayAccelerate(IpEndpoint.v4(0x7f000001, 80)));
    }

    @ParameterizedTest
    @CsvSource({
        "ringway.profile, fast",
        "ringway.strict, yes",
        "ringway.fabric, true",
        "ringway.fabric.directory, relative/path",
        "ringway.memory, 0%",
        "ringway.memory, 101%",
        "ringway.memory, 1m",
        "ringway.memory, many",
        "ringway.memory, 99999999999999999999",
        "ringway.registered.memory, 10%",
        "ringway.registered.memory, -1",
        "ringway.spin, -1",
        "ringway.spin, 1000001",
        "ringway.exclude, 10.0.0.0/33",
        "ringway.exclude, 10.0.0.1:70000",
        "ringway.exclude, 10.0.0.1:90-80",
        "ringway.exclude, host.example:80",
        "ringway.exclude, :80",
        "ringway.include, 1::2::3",
        "ringway.config, /no/such/file",
    })
    void aBadValueIsNamedWithItsKey(String key, String value) {
        InvalidSettingException e = assertThrows(InvalidSettingException.class, () -> with(key, value));
        assertTrue(e.getMessage().contains(key), e.getMessage());
    }

    @Test
    void anUnknownKeyIsNamedWithThoseThatExist() {
        InvalidSettingException e = assertThrows(InvalidSettingException.class, () -> with("ringway.spinn", "5"));
        assertTrue(e.getMessage().contains("ringway.spinn=5"), e.getMessage());
        assertTrue(e.getMessage().contains("ringway.spin,"), e.getMessage());
    }

    @Test
    void directoriesAreAListWithoutRepetition() {
        assertEquals(List.of(), with().fabricDirectories());
        assertEquals(List.of(Path.of("/a")), directories("/a"));
        assertEquals(List.of(Path.of("/link/../a")), directories(" /link/../a "), "it may lead elsewhere than /a");
        assertEquals(List.of(Path.of("/b"), Path.of("/a/c")), directories("/b , /a/x/../c"));
        for (String wrong : List.of("/a,b", "/a,", "/a,/b,/a", "/a,/b/../a")) {
            String message = assertThrows(InvalidSettingException.class, () -> directories(wrong))
                    .getMessage();
            assertTrue(message.contains("ringway.fabric.directory=" + wrong), message);
        }
        assertTrue(assertThrows(InvalidSettingException.class, () -> directories("/a,/b/../a"))
                .getMessage()
                .endsWith("/a is there twice"));
    }

    private static List<Path> directories(String text) {
        return with("ringway.fabric.directory", text).fabricDirectories();
    }

    @Test
    void eachDirectoryNeedsMemory() {
        String three = "/a,/b,/c";
        assertThrows(
                InvalidSettingException.class, () -> with("ringway.fabric.directory", three, "ringway.memory", "23m"));
        assertEquals(
                24 << 20,
                with("ringway.fabric.directory", three, "ringway.memory", "24m").memoryBytes());
    }

    @Test
    void memoryOnLoanIsAnAmountOrNone() {
        assertEquals(3 << 20, with("ringway.registered.memory", "3m").registeredBytes());
        assertEquals(0, with("ringway.registered.memory", "0").registeredBytes());
    }

    @Test
    void systemPropertiesOverrideTheFile(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("ringway.properties");
        Files.writeString(file, "ringway.spin=7\nringway.profile=latency\n");
        Settings s = with("ringway.config", file.toString(), "ringway.spin", "9");
        assertEquals(9_000, s.spinNanos());
        assertEquals(Profile.LATENCY, s.profile());
    }

    @Test
    void anUnknownKeyInTheFileIsAnError(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("ringway.properties");
        Files.writeString(file, "spin=7\n");
        assertThrows(InvalidSettingException.class, () -> with("ringway.config", file.toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, 80, true",
        "10.0.0.0/8, 11.1.2.3, 80, false",
        "10.0.0.0/8:5432, 10.1.2.3, 80, false",
        "*:22, 10.1.2.3, 22, true",
        "*:22, ::1, 22, true",
        "*:8000-8999, ::1, 8500, true",
        "[::1]:8080, ::1, 8080, true",
        "::1, ::1, 8080, true",
        "::1, ::2, 8080, false",
        "fe80::/10, fe80::1, 1, true",
        "0.0.0.0/0, ::1, 1, false",
        "0.0.0.0/0, 1.2.3.4, 1, true",
    })
    void rulesMatchByPrefixAndPort(String rule, String address, int port, boolean matches) throws Exception {
        IpEndpoint e = IpEndpoint.of(InetAddress.ofLiteral(address), port);
        assertEquals(matches, with("ringway.exclude", rule).exclude().match(e));
        assertEquals(!matches, with("ringway.exclude", rule).mayAccelerate(e));
    }
}
