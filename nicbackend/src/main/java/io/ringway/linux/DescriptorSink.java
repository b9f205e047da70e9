package io.ringway.linux;

/** Takes the descriptors that arrive with a message. */
@FunctionalInterface
public interface DescriptorSink {
    /** Takes over {@code descriptor}, which the caller must close, in the order of sending. */
    void accept(int descriptor);
}
