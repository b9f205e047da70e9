package io.ringway.nic.fabric;

import io.ringway.nic.Capabilities;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How this process takes part in the fabric.
 *
 * @param directory where processes find each other; null for the user's default place
 * @param memoryBytes bound on the memory that this process shares: virtual size, touched page by page as needed
 * @param slotsPerRing descriptor slots per transmit ring, a power of two
 * @param guestName a name for people
 * @param oldestVersion oldest wire version to speak
 * @param newestVersion newest wire version to speak
 * @param answerMillis how long a peer may take for its first answer
 * @param mtu largest IP packet to send; {@link Capabilities#WHOLE} for whatever a frame holds
 */
public record FabricSettings(
        @Nullable Path directory,
        long memoryBytes,
        int slotsPerRing,
        String guestName,
        int oldestVersion,
        int newestVersion,
        int answerMillis,
        int mtu) {
    /** Bytes of memory that a port can't do without. */
    public static final long LEAST_MEMORY = 8 * Layout.CHUNK;

    public FabricSettings {
        if (memoryBytes < LEAST_MEMORY) {
            throw new IllegalArgumentException("memory of " + memoryBytes + " bytes is less than 8 MiB");
        }
        if (Integer.bitCount(slotsPerRing) != 1 || slotsPerRing < Layout.MIN_SLOTS || slotsPerRing > Layout.MAX_SLOTS) {
            throw new IllegalArgumentException("slots per ring: " + slotsPerRing + " is not a power of two from "
                    + Layout.MIN_SLOTS + " to " + Layout.MAX_SLOTS);
        }
        memoryBytes &= -Layout.CHUNK;
    }

    /** The settings of a process that was told nothing. */
    public static FabricSettings defaults() {
        return new FabricSettings(
                null, 1L << 30, 512, "", Layout.WIRE_VERSION, Layout.WIRE_VERSION, 20, Capabilities.WHOLE);
    }

    public FabricSettings withDirectory(@Nullable Path newDirectory) {
        return new FabricSettings(
                newDirectory, memoryBytes, slotsPerRing, guestName, oldestVersion, newestVersion, answerMillis, mtu);
    }

    public FabricSettings withMemoryBytes(long newBytes) {
        return new FabricSettings(
                directory, newBytes, slotsPerRing, guestName, oldestVersion, newestVersion, answerMillis, mtu);
    }

    public FabricSettings withSlotsPerRing(int newSlots) {
        return new FabricSettings(
                directory, memoryBytes, newSlots, guestName, oldestVersion, newestVersion, answerMillis, mtu);
    }

    public FabricSettings withGuestName(String newName) {
        return new FabricSettings(
                directory, memoryBytes, slotsPerRing, newName, oldestVersion, newestVersion, answerMillis, mtu);
    }

    public FabricSettings withVersions(int oldest, int newest) {
        return new FabricSettings(directory, memoryBytes, slotsPerRing, guestName, oldest, newest, answerMillis, mtu);
    }

    public FabricSettings withAnswerMillis(int newMillis) {
        return new FabricSettings(
                directory, memoryBytes, slotsPerRing, guestName, oldestVersion, newestVersion, newMillis, mtu);
    }

    public FabricSettings withMtu(int newMtu) {
        return new FabricSettings(
                directory, memoryBytes, slotsPerRing, guestName, oldestVersion, newestVersion, answerMillis, newMtu);
    }
}
