package io.ringway.nic;

/**
 * What a {@link Port} does by itself, so that the pipelines complete only what is missing.
 *
 * @param lossless frames arrive, once and in order per ring, for as long as the peer process lives
 * @param checksums nobody has to write checksums, and no frame with a broken one is delivered
 * @param maxPayload largest transport payload that is handed over at once, in bytes (super-segments included)
 * @param inlineBytes headers and payload together up to this many bytes travel in the descriptor slot
 * @param mtu largest IP packet, in bytes; {@link #WHOLE} where a packet may be whatever a frame holds
 * @param segmentation super-segments are cut into segments of the size that {@link DeviceQueue#commit(Link, int, long,
 *     long, int, int)} names (M10)
 * @param aggregation the segments of a flow are delivered collected (M11)
 */
public record Capabilities(
        boolean lossless,
        boolean checksums,
        int maxPayload,
        int inlineBytes,
        int mtu,
        boolean segmentation,
        boolean aggregation) {
    /** No limit but the frame. */
    public static final int WHOLE = Integer.MAX_VALUE;

    /** IPv6's smallest (RFC 8200, section 5). */
    public static final int SMALLEST_MTU = 1280;

    public Capabilities {
        if (mtu < SMALLEST_MTU) {
            throw new IllegalArgumentException("an MTU of " + mtu + " bytes is less than " + SMALLEST_MTU);
        }
    }

    /** A port that carries whatever a frame holds, so that there is nothing to cut and nothing to collect. */
    public Capabilities(boolean lossless, boolean checksums, int maxPayload, int inlineBytes) {
        this(lossless, checksums, maxPayload, inlineBytes, WHOLE, false, false);
    }

    /** The most payload of one packet whose headers have {@code headers} bytes. */
    public int segmentSize(int headers) {
        return Math.min(mtu - headers, maxPayload);
    }

    Capabilities withChecksums() {
        return new Capabilities(lossless, true, maxPayload, inlineBytes, mtu, segmentation, aggregation);
    }

    Capabilities withSegmentation() {
        return new Capabilities(lossless, checksums, maxPayload, inlineBytes, mtu, true, aggregation);
    }

    Capabilities withAggregation() {
        return new Capabilities(lossless, checksums, maxPayload, inlineBytes, mtu, segmentation, true);
    }
}
