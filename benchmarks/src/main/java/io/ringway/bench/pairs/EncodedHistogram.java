package io.ringway.bench.pairs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/** A whole histogram as one word of a {@link Result}: HdrHistogram's compressed encoding, in Base64. */
public final class EncodedHistogram {
    /** The key under which a result has it. */
    public static final String KEY = "histogram";

    private EncodedHistogram() {}

    /** The word for {@code histogram}. */
    public static String of(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer, Deflater.BEST_COMPRESSION);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    /**
     * Reads a word back.
     *
     * @throws IllegalArgumentException if it is no encoded histogram
     */
    public static Histogram read(String word) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(word));
            Histogram histogram = Histogram.decodeFromCompressedByteBuffer(bytes, 0);
            histogram.setAutoResize(true);
            return histogram;
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("No encoded histogram: " + e.getMessage(), e);
        }
    }
}
