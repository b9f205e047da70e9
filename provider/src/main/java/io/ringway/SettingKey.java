package io.ringway;

import io.ringway.nic.wrap.Faults;
import org.jspecify.annotations.Nullable;

/** Every configuration key, with its default and meaning: the table in the README and the {@code keys} command. */
public enum SettingKey {
    PROFILE(
            "ringway.profile",
            "balanced",
            "latency, balanced or throughput",
            "a group of settings; single keys override it"),
    STRICT(
            "ringway.strict",
            "false",
            "true or false",
            "a fall-back (JVM that can't be served, bad setting, connection that can't be accelerated) is an error"),
    INCLUDE(
            "ringway.include",
            "*",
            "a comma list of address[/prefix][:port[-port]] or *",
            "listeners' addresses that may be accelerated"),
    EXCLUDE(
            "ringway.exclude",
            "",
            "a comma list of address[/prefix][:port[-port]] or *",
            "listeners' addresses that stay with the kernel"),
    FABRIC("ringway.fabric", "on", "on or off", "the shared-memory NIC between processes of this host"),
    FABRIC_DIRECTORY(
            "ringway.fabric.directory",
            "/dev/shm/ringway-UID, else /tmp/ringway-UID",
            "a comma list of absolute paths",
            "where processes find each other; containers share it; with several, the process is in all of them at"
                    + " once"),
    FABRIC_NAME("ringway.fabric.name", "", "up to 64 characters", "a name for this process in listings"),
    FABRIC_MTU(
            "ringway.fabric.mtu",
            "",
            "1280 to 65535",
            "largest IP packet to send there, as on a wire; without it segments are as large as frames"),
    MEMORY(
            "ringway.memory",
            "25%",
            "bytes with k, m or g, or a percentage of the memory limit; at least 16m, and 8m for each directory",
            "bound on the memory that this process shares; touched as needed"),
    REGISTERED_MEMORY(
            "ringway.registered.memory",
            "64m",
            "bytes with k, m or g, or 0",
            "bound on the memory that the program has on loan, each way; never more than a quarter of ringway.memory"),
    SPIN(
            "ringway.spin",
            "by profile: 1000, 60, 20",
            "0 to 1000000",
            "microseconds that a selector polls before it sleeps, at most; its first 2,000 waits 500 where this is"
                    + " not 0"),
    QUIET("ringway.quiet", "false", "true or false", "no line at start"),
    NETTY_NATIVE(
            "ringway.netty.native",
            "false",
            "true or false",
            "with the agent: leave Netty its native transports, which go past Ringway"),
    NETTY_REFERENCES(
            "ringway.netty.references",
            "false",
            "true or false",
            "with the agent: large outbound buffers of Netty 4.2 are sent by reference; peers can read such buffers"),
    CAPTURE(
            "ringway.capture",
            "",
            "a path; %p becomes the process id",
            "records the packets of accelerated connections in this file, for Wireshark (pcapng)"),
    CAPTURE_SIZE(
            "ringway.capture.size",
            "64m",
            "bytes with k, m or g; at least 64k",
            "bound on that file; what comes later is counted"),
    FAULTS(
            "ringway.faults",
            "",
            Faults.ALLOWED,
            "damages packets out as a bad wire does, for tests; in both processes of a connection"),
    CONFIG("ringway.config", "", "a path", "a properties file with these keys; system properties override it");

    private final String key;
    private final String defaultValue;
    private final String allowed;
    private final String meaning;

    SettingKey(String key, String defaultValue, String allowed, String meaning) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.allowed = allowed;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    public String defaultValue() {
        return defaultValue;
    }

    /** What values it takes, for people. */
    public String allowed() {
        return allowed;
    }

    public String meaning() {
        return meaning;
    }

    static @Nullable SettingKey of(String key) {
        for (SettingKey k : values()) {
            if (k.key.equals(key)) {
                return k;
            }
        }
        return null;
    }

    InvalidSettingException invalid(String value, Throwable cause) {
        InvalidSettingException e = invalid(value);
        e.initCause(cause);
        return e;
    }

    InvalidSettingException invalid(String value) {
        return new InvalidSettingException(key, value, allowed);
    }
}
