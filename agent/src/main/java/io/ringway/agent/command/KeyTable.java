package io.ringway.agent.command;

import io.ringway.SettingKey;

/** The configuration keys as a table. */
final class KeyTable {
    private static final int WIDTH = 26;

    private KeyTable() {}

    static String plain() {
        StringBuilder out = new StringBuilder();
        for (SettingKey key : SettingKey.values()) {
            out.append(String.format("%-" + WIDTH + "s %s%n", key.key(), key.meaning()));
            out.append(String.format("%-" + WIDTH + "s   %s (default: %s)%n", "", key.allowed(), shownDefault(key)));
        }
        return out.toString();
    }

    static String markdown() {
        StringBuilder out = new StringBuilder("| key | default | allowed | meaning |\n|---|---|---|---|\n");
        for (SettingKey key : SettingKey.values()) {
            out.append("| `")
                    .append(key.key())
                    .append("` | ")
                    .append(shownDefault(key).replace("*", "\\*"));
            out.append(" | ").append(key.allowed().replace("*", "\\*"));
            out.append(" | ").append(key.meaning()).append(" |\n");
        }
        return out.toString();
    }

    private static String shownDefault(SettingKey key) {
        String value = key.defaultValue();
        return value.isEmpty() ? "none" : value;
    }
}
