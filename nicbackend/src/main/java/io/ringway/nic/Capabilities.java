package io.ringway.nic;

/**
 * What a {@link Port} does by itself, so that the pipelines complete only what is missing.
 *
 * @param lossless frames arrive, once and in order per ring, for as long as the peer process lives
 * @param checksums the port needs no transport checksums and delivers no frame with a broken one
 * @param maxPayload largest transport payload of one frame, in bytes (super-segments included)
 * @param inlineBytes headers and payload together up to this many bytes travel in the descriptor slot
 */
public record Capabilities(boolean lossless, boolean checksums, int maxPayload, int inlineBytes) {}
