package io.ringway;

import io.ringway.nic.Capabilities;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.fabric.FabricSettings;
import io.ringway.nic.wrap.Faults;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the user configured: {@code ringway.*} system properties, or the same keys in the file that {@code
 * ringway.config} names. Read once and validated at once. Immutable, any thread.
 *
 * @param spinNanos how long a selector polls before it sleeps, at most
 * @param fabricDirectories where processes find each other, each another place; empty for the default place
 * @param fabricMtu largest IP packet on the fabric; {@link Capabilities#WHOLE} for no limit
 * @param memoryBytes bound on shared memory, or 0 where {@code memoryPercent} counts
 * @param memoryPercent share of the memory limit
 * @param registeredBytes bound on the memory that programs have on loan, each way
 * @param capture where to record packets, or an empty text
 * @param captureBytes bound on that file
 */
public record Settings(
        Profile profile,
        boolean strict,
        AddressRules include,
        AddressRules exclude,
        boolean fabric,
        List<Path> fabricDirectories,
        String fabricName,
        int fabricMtu,
        long memoryBytes,
        int memoryPercent,
        long registeredBytes,
        long spinNanos,
        boolean quiet,
        boolean nettyNative,
        boolean nettyReferences,
        String capture,
        long captureBytes,
        @Nullable Faults faults) {
    private static final String PREFIX = "ringway.";
    private static final int MAX_NAME = 64;
    private static final long MIN_CAPTURE = 64L << 10;
    private static final long MIN_MEMORY = 16L << 20;
    private static final int MAX_MTU = 0xffff;
    private static final int MAX_SPIN = 1_000_000;

    /**
     * Reads the system properties and the file that they name.
     *
     * @throws InvalidSettingException for an unknown key, a bad value, or a file that can't be read
     */
    public static Settings load() {
        return of(System.getProperties());
    }

    /** The same from given properties; those without the prefix are ignored. */
    public static Settings of(Properties given) {
        Properties all = new Properties();
        String config = given.getProperty(SettingKey.CONFIG.key(), "");
        if (!config.isEmpty()) {
            readFile(config, all);
            checkKeys(all, true);
        }
        checkKeys(given, false);
        for (SettingKey key : SettingKey.values()) {
            String value = given.getProperty(key.key());
            if (value != null) {
                all.setProperty(key.key(), value);
            }
        }
        return parse(all);
    }

    private static void readFile(String file, Properties into) {
        try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
            into.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidSettingException(
                    SettingKey.CONFIG.key() + "=" + file + ": the file can't be read (" + e + ")");
        }
    }

    private static void checkKeys(Properties properties, boolean all) {
        for (String name : properties.stringPropertyNames()) {
            if ((all || name.startsWith(PREFIX)) && SettingKey.of(name) == null) {
                StringBuilder known = new StringBuilder();
                for (SettingKey key : SettingKey.values()) {
                    known.append(known.isEmpty() ? "" : ", ").append(key.key());
                }
                throw new InvalidSettingException(
                        name + "=" + properties.getProperty(name) + ": no such key; there are " + known);
            }
        }
    }

    private static Settings parse(Properties p) {
        Profile profile = profile(p);
        String memory = value(p, SettingKey.MEMORY, "25%");
        boolean percent = memory.endsWith("%");
        List<Path> directories = directories(value(p, SettingKey.FABRIC_DIRECTORY, ""));
        long leastMemory = Math.max(MIN_MEMORY, directories.size() * FabricSettings.LEAST_MEMORY);
        return new Settings(
                profile,
                flag(p, SettingKey.STRICT),
                AddressRules.parse(SettingKey.INCLUDE, value(p, SettingKey.INCLUDE, "*")),
                AddressRules.parse(SettingKey.EXCLUDE, value(p, SettingKey.EXCLUDE, "")),
                onOff(p),
                directories,
                name(p),
                mtu(p),
                percent ? 0 : bytes(SettingKey.MEMORY, memory, leastMemory),
                percent ? number(SettingKey.MEMORY, memory, memory.substring(0, memory.length() - 1), 1, 100) : 0,
                bytes(SettingKey.REGISTERED_MEMORY, value(p, SettingKey.REGISTERED_MEMORY, "64m"), 0),
                spin(p, profile) * 1_000L,
                flag(p, SettingKey.QUIET),
                flag(p, SettingKey.NETTY_NATIVE),
                flag(p, SettingKey.NETTY_REFERENCES),
                capture(p),
                bytes(SettingKey.CAPTURE_SIZE, value(p, SettingKey.CAPTURE_SIZE, "64m"), MIN_CAPTURE),
                faults(p));
    }

    private static String value(Properties p, SettingKey key, String absent) {
        String value = p.getProperty(key.key());
        return value == null ? absent : value.trim();
    }

    private static Profile profile(Properties p) {
        String text = value(p, SettingKey.PROFILE, "balanced");
        return switch (text) {
            case "latency" -> Profile.LATENCY;
            case "balanced" -> Profile.BALANCED;
            case "throughput" -> Profile.THROUGHPUT;
            default -> throw SettingKey.PROFILE.invalid(text);
        };
    }

    private static boolean flag(Properties p, SettingKey key) {
        String text = value(p, key, "false");
        return switch (text) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw key.invalid(text);
        };
    }

    private static boolean onOff(Properties p) {
        String text = value(p, SettingKey.FABRIC, "on");
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw SettingKey.FABRIC.invalid(text);
        };
    }

    /**
     * Reads a list of absolute paths, separated by commas.
     *
     * @return them in their order; a single one as it was written; empty for an empty text
     * @throws InvalidSettingException if one is no absolute path or there twice
     */
    public static List<Path> directories(String text) {
        List<Path> paths = new ArrayList<>();
        if (text.isBlank()) {
            return paths;
        }
        String[] parts = text.split(",", -1);
        for (String part : parts) {
            Path given = absolute(part.trim(), text);
            Path path = parts.length == 1 ? given : given.normalize();
            if (paths.contains(path)) {
                throw new InvalidSettingException(
                        SettingKey.FABRIC_DIRECTORY.key() + "=" + text + ": " + path + " is there twice");
            }
            paths.add(path);
        }
        return List.copyOf(paths);
    }

    private static Path absolute(String part, String text) {
        try {
            Path path = Path.of(part);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw SettingKey.FABRIC_DIRECTORY.invalid(text, e);
        }
        throw SettingKey.FABRIC_DIRECTORY.invalid(text);
    }

    private static String capture(Properties p) {
        String text = value(p, SettingKey.CAPTURE, "");
        try {
            return Path.of(text).toString();
        } catch (InvalidPathException e) {
            throw SettingKey.CAPTURE.invalid(text, e);
        }
    }

    private static @Nullable Faults faults(Properties p) {
        String text = value(p, SettingKey.FAULTS, "");
        try {
            return text.isEmpty() ? null : Faults.parse(text);
        } catch (IllegalArgumentException e) {
            throw SettingKey.FAULTS.invalid(text, e);
        }
    }

    private static String name(Properties p) {
        String text = value(p, SettingKey.FABRIC_NAME, "");
        boolean plain = text.length() <= MAX_NAME;
        for (int i = 0; i < text.length(); i++) {
            plain &= !Character.isISOControl(text.charAt(i));
        }
        if (!plain) {
            throw SettingKey.FABRIC_NAME.invalid(text);
        }
        return text;
    }

    private static int mtu(Properties p) {
        String text = value(p, SettingKey.FABRIC_MTU, "");
        return text.isEmpty()
                ? Capabilities.WHOLE
                : number(SettingKey.FABRIC_MTU, text, text, Capabilities.SMALLEST_MTU, MAX_MTU);
    }

    private static int spin(Properties p, Profile profile) {
        String text = value(p, SettingKey.SPIN, "");
        return text.isEmpty() ? profile.spinMicros() : number(SettingKey.SPIN, text, text, 0, MAX_SPIN);
    }

    private static long bytes(SettingKey key, String text, long least) {
        char unit = text.isEmpty() ? ' ' : Character.toLowerCase(text.charAt(text.length() - 1));
        int shift = unit == 'k' ? 10 : unit == 'm' ? 20 : unit == 'g' ? 30 : 0;
        String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
        try {
            long value = Long.parseLong(digits);
            if (value >= 0 && value <= Long.MAX_VALUE >> shift && value << shift >= least) {
                return value << shift;
            }
        } catch (NumberFormatException e) {
            throw key.invalid(text, e);
        }
        throw key.invalid(text);
    }

    private static int number(SettingKey key, String whole, String digits, int min, int max) {
        try {
            int value = Integer.parseInt(digits);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw key.invalid(whole, e);
        }
        throw key.invalid(whole);
    }

    /** Whether a connection to, or a listener at, this endpoint may leave the kernel. */
    public boolean mayAccelerate(IpEndpoint listener) {
        return fabric && include.match(listener) && !exclude.match(listener);
    }
}
