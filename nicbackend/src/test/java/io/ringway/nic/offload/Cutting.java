package io.ringway.nic.offload;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Runs a {@link Segmenter} over headers and payload, and reads back what it wrote. */
final class Cutting {
    private static final int CAPACITY = 16;

    private Cutting() {}

    /** The segments, headers and payload in hexadecimal; null if the segmenter refuses. */
    static List<String> cut(byte[] headers, byte[] payload, int[] pieces, int segmentSize, boolean checksums) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1 << 18);
            MemorySegment.copy(headers, 0, memory, ValueLayout.JAVA_BYTE, 64, headers.length);
            DescriptorList list = new DescriptorList(CAPACITY);
            lay(memory, payload, pieces, list);
            Segmenter segmenter = new Segmenter(checksums, CAPACITY);
            if (!segmenter.begin(memory, 64, headers.length, list, segmentSize)) {
                return null;
            }
            List<String> segments = new ArrayList<>();
            while (segmenter.hasNext()) {
                int length = segmenter.next();
                segmenter.writeHeaders(memory, 512);
                byte[] h = memory.asSlice(512, segmenter.headerLength()).toArray(ValueLayout.JAVA_BYTE);
                byte[] p = bytes(segmenter.piece());
                if (p.length != length) {
                    throw new AssertionError(length + " bytes announced, " + p.length + " in the piece");
                }
                segments.add(HexFormat.of().formatHex(h) + " " + HexFormat.of().formatHex(p));
            }
            return segments;
        }
    }

    /** Pieces of these lengths with gaps between them, then the rest. */
    private static void lay(MemorySegment memory, byte[] payload, int[] pieces, DescriptorList list) {
        long at = 1024;
        int done = 0;
        for (int i = 0; done < payload.length; i++) {
            int length = i < pieces.length ? Math.min(pieces[i], payload.length - done) : payload.length - done;
            MemorySegment.copy(payload, done, memory, ValueLayout.JAVA_BYTE, at, length);
            list.add(memory, at, length, 1);
            done += length;
            at += length + 3;
        }
    }

    static byte[] bytes(DescriptorList list) {
        byte[] bytes = new byte[list.bytes()];
        int done = 0;
        for (int i = 0; i < list.size(); i++) {
            MemorySegment.copy(list.memory(i), ValueLayout.JAVA_BYTE, list.offset(i), bytes, done, list.length(i));
            done += list.length(i);
        }
        return bytes;
    }
}
