package io.ringway.linux;

/** Takes the descriptors that arrive with a message. */
@FunctionalInterface
public interface DescriptorSink {
    /** In place of descriptors that were lost, because this process may have no more. */
    int LOST = -1;

    /** Takes over {@code descriptor}, which the caller must close, in the order of sending; or {@link #LOST}. */
    void accept(int descriptor);
}
