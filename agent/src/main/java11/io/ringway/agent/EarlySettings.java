package io.ringway.agent;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Properties;

/**
 * The few keys that matter before the provider is loaded, or where it never is. Looks where the provider looks: system
 * properties first, then the file named by {@code ringway.config}. Complaints about either are the provider's affair.
 */
final class EarlySettings {
    private EarlySettings() {}

    static boolean isTrue(String key) {
        String value = System.getProperty(key);
        return "true".equals(value == null ? fromFile(key) : value);
    }

    private static String fromFile(String key) {
        String file = System.getProperty("ringway.config");
        if (file == null) {
            return null;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Paths.get(file), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
        return properties.getProperty(key);
    }
}
